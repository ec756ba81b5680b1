package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.ImageLayout;

/// What a lowered graph may use.
public enum Target {
    /// ONNX operators of opset 18 alone: any ONNX Runtime from 1.14, of any vendor.
    PORTABLE("portable", "cpu"),
    /// Also the `com.microsoft` kernels of ONNX Runtime's training build and operators of ours, as they are fastest on
    /// host cores.
    ORT("ort", "cpu"),
    /// The same for an NVIDIA device. Every node of a step has a CUDA kernel for its types at opset 18.
    CUDA("ort", "cuda"),
    /// As [#CUDA] without operators of ours, whose kernels must be compiled where they run: attention as products and
    /// softmax.
    CUDA_EXPLICIT("ort", "cuda");

    private final String label;
    private final String device;

    Target(String label, String device) {
        this.label = label;
        this.device = device;
    }

    /// The name in manifests and flags: `portable` or `ort`.
    public String label() {
        return label;
    }

    /// The kind of device in manifests that the graph was made for: `cpu` or `cuda`.
    public String device() {
        return device;
    }

    /// The layout in which its operators read and write maps fastest. Weights have one layout in all graphs.
    public ImageLayout imageLayout() {
        return this == ORT ? ImageLayout.NHWC : ImageLayout.NCHW;
    }

    boolean isCuda() {
        return this == CUDA || this == CUDA_EXPLICIT;
    }
}
