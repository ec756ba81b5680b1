package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.Attributes;

/// How a window moves over maps: ONNX's attributes of convolution and pooling.
///
/// @param groups of channels
record Sliding(
        long groups,
        long strideH,
        long strideW,
        long top,
        long left,
        long bottom,
        long right,
        long dilationH,
        long dilationW) {
    static Sliding ofConvolution(Attributes attributes) {
        var dilations = attributes.integers("dilations");
        return of(attributes, attributes.integer("group"), dilations[0], dilations[1]);
    }

    static Sliding ofPool(Attributes attributes) {
        return of(attributes, 1, 1, 1);
    }

    private static Sliding of(Attributes attributes, long groups, long dilationH, long dilationW) {
        var strides = attributes.integers("strides");
        var pads = attributes.integers("pads");
        return new Sliding(groups, strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilationH, dilationW);
    }

    /// Places of a window of `kernel` rows over `size` rows.
    long rows(long size, long kernel) {
        return (size + top + bottom - dilationH * (kernel - 1) - 1) / strideH + 1;
    }

    /// Places of a window of `kernel` columns over `size` columns.
    long columns(long size, long kernel) {
        return (size + left + right - dilationW * (kernel - 1) - 1) / strideW + 1;
    }

    /// The rows under `places` of a window, of which `rest` more than it reaches.
    long rowsUnder(long places, long kernel, long rest) {
        return (places - 1) * strideH + dilationH * (kernel - 1) + 1 - top - bottom + rest;
    }

    /// The columns under `places` of a window, of which `rest` more than it reaches.
    long columnsUnder(long places, long kernel, long rest) {
        return (places - 1) * strideW + dilationW * (kernel - 1) + 1 - left - right + rest;
    }

    long[] strides() {
        return new long[] {strideH, strideW};
    }

    /// oneDNN counts the elements between two of the window.
    long[] dilations() {
        return new long[] {dilationH - 1, dilationW - 1};
    }

    long[] before() {
        return new long[] {top, left};
    }

    long[] after() {
        return new long[] {bottom, right};
    }
}
