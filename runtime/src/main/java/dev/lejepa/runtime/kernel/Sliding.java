package dev.lejepa.runtime.kernel;

/// How a window moves over maps: ONNX's attributes of convolution and pooling.
///
/// @param groups of channels
public record Sliding(
        long groups,
        long strideH,
        long strideW,
        long top,
        long left,
        long bottom,
        long right,
        long dilationH,
        long dilationW) {
    public static Sliding ofConvolution(Attributes attributes) {
        var dilations = attributes.integers("dilations");
        return of(attributes, attributes.integer("group"), dilations[0], dilations[1]);
    }

    public static Sliding ofPool(Attributes attributes) {
        return of(attributes, 1, 1, 1);
    }

    private static Sliding of(Attributes attributes, long groups, long dilationH, long dilationW) {
        var strides = attributes.integers("strides");
        var pads = attributes.integers("pads");
        return new Sliding(groups, strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilationH, dilationW);
    }

    /// Places of a window of `kernel` rows over `size` rows.
    public long rows(long size, long kernel) {
        return (size + top + bottom - dilationH * (kernel - 1) - 1) / strideH + 1;
    }

    /// Places of a window of `kernel` columns over `size` columns.
    public long columns(long size, long kernel) {
        return (size + left + right - dilationW * (kernel - 1) - 1) / strideW + 1;
    }

    /// The rows under `places` of a window, of which `rest` more than it reaches.
    public long rowsUnder(long places, long kernel, long rest) {
        return (places - 1) * strideH + dilationH * (kernel - 1) + 1 - top - bottom + rest;
    }

    /// The columns under `places` of a window, of which `rest` more than it reaches.
    public long columnsUnder(long places, long kernel, long rest) {
        return (places - 1) * strideW + dilationW * (kernel - 1) + 1 - left - right + rest;
    }

    public long[] strides() {
        return new long[] {strideH, strideW};
    }

    public long[] dilations() {
        return new long[] {dilationH, dilationW};
    }

    public long[] before() {
        return new long[] {top, left};
    }

    public long[] after() {
        return new long[] {bottom, right};
    }
}
