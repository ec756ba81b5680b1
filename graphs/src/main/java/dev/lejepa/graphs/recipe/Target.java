package dev.lejepa.graphs.recipe;

/// What the graphs of a bundle may use.
public enum Target implements Choice {
    /// Standard operators of opset 18 alone: any ONNX Runtime from 1.14 runs them.
    PORTABLE,
    /// Also the fused kernels of ONNX Runtime's training build.
    ORT
}
