package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.ImageLayout;
import java.util.EnumSet;

/// What a lowered graph may use.
public enum Target {
    /// ONNX operators of opset 18 alone: any ONNX Runtime from 1.14, of any vendor.
    PORTABLE("portable", "cpu", EnumSet.noneOf(Capability.class)),
    /// Also the `com.microsoft` kernels of ONNX Runtime's training build and operators of ours, as they are fastest on
    /// host cores.
    ORT(
            "ort",
            "cpu",
            EnumSet.of(
                    Capability.MICROSOFT_KERNELS,
                    Capability.HOST_OPERATORS,
                    Capability.FUSED_COLUMNS,
                    Capability.SUMS_BY_PRODUCTS)),
    /// The same for an NVIDIA device. Every node of a step has a CUDA kernel for its types at opset 18.
    CUDA(
            "ort",
            "cuda",
            EnumSet.of(
                    Capability.MICROSOFT_KERNELS,
                    Capability.LAYER_KERNELS,
                    Capability.CUDA_OPERATORS,
                    Capability.FUSED_ROWS,
                    Capability.ROUNDED_PRODUCTS)),
    /// As [#CUDA] without operators of ours, whose kernels must be compiled where they run: attention as products and
    /// softmax, and layers one by one.
    CUDA_EXPLICIT(
            "ort",
            "cuda",
            EnumSet.of(Capability.MICROSOFT_KERNELS, Capability.LAYER_KERNELS, Capability.ROUNDED_PRODUCTS));

    /// What lowering and builders of graphs ask a target for.
    public enum Capability {
        /// Operators of the domain `com.microsoft`.
        MICROSOFT_KERNELS,
        /// Of these, kernels that compute a layer, its gradient or an update in one pass. On host cores they are slower
        /// than their parts.
        LAYER_KERNELS,
        /// Operators of ours that have kernels for host cores.
        HOST_OPERATORS,
        /// Operators of ours that have CUDA kernels.
        CUDA_OPERATORS,
        /// Formulas of columns as one operator each.
        FUSED_COLUMNS,
        /// Formulas of rows as one operator each.
        FUSED_ROWS,
        /// Sums over rows take less time as products with ones.
        SUMS_BY_PRODUCTS,
        /// Products may round their float32 operands, to TF32.
        ROUNDED_PRODUCTS
    }

    private final String label;
    private final String device;
    private final EnumSet<Capability> capabilities;

    Target(String label, String device, EnumSet<Capability> capabilities) {
        this.label = label;
        this.device = device;
        this.capabilities = capabilities;
    }

    /// The name in manifests and flags: `portable` or `ort`.
    public String label() {
        return label;
    }

    /// The kind of device in manifests that the graph was made for: `cpu` or `cuda`.
    public String device() {
        return device;
    }

    /// The layout in which its operators read and write float32 maps fastest.
    public ImageLayout imageLayout() {
        return imageLayout(DType.FLOAT32);
    }

    /// The layout in which its operators read and write maps fastest: that of convolutions of ours, where it has them.
    /// Weights have one layout in all graphs.
    ///
    /// @param maps their element type
    public ImageLayout imageLayout(DType maps) {
        return has(OwnOperator.CONV, Form.of(maps, maps)) ? ImageLayout.NHWC : ImageLayout.NCHW;
    }

    public boolean has(Capability capability) {
        return capabilities.contains(capability);
    }

    /// Whether an operator of ours has a kernel for a form.
    boolean has(OwnOperator operator, Form form) {
        return has(Capability.HOST_OPERATORS) && operator.onHost().contains(form)
                || has(Capability.CUDA_OPERATORS) && operator.onCuda().contains(form);
    }
}
