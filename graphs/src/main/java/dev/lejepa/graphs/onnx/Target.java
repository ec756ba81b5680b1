package dev.lejepa.graphs.onnx;

import java.util.Locale;

/// What a lowered graph may use.
public enum Target {
    /// ONNX operators of opset 18 alone: any ONNX Runtime from 1.14, of any vendor.
    PORTABLE,
    /// Also the `com.microsoft` kernels of ONNX Runtime's training build.
    ORT;

    /// The name in manifests and flags: `portable` or `ort`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
