package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import java.util.List;

/// The elements of maps by image, channel, row and column, whatever their layout.
record Maps(NdArray array, int images, int channels, int height, int width, int channelStride, int columnStride) {
    static Maps of(NdArray array, ImageLayout layout) {
        var c = array.dim(layout.channelAxis());
        var h = array.dim(layout.heightAxis());
        var w = array.dim(layout.widthAxis());
        var n = array.dim(0);
        return switch (layout) {
            case NCHW -> new Maps(array, n, c, h, w, h * w, 1);
            case NHWC -> new Maps(array, n, c, h, w, 1, c);
        };
    }

    /// The shape of an operator's result for operands of float32.
    static Shape result(Op op, List<NdArray> in) {
        return op.infer(in.stream().map(a -> Type.f32(a.shape())).toList())
                .getFirst()
                .shape();
    }

    boolean has(long row, long column) {
        return row >= 0 && row < height && column >= 0 && column < width;
    }

    int at(int image, int channel, long row, long column) {
        return image * channels * height * width
                + channel * channelStride
                + Math.toIntExact(row * width + column) * columnStride;
    }

    double get(int image, int channel, long row, long column) {
        return array.get(at(image, channel, row, column));
    }

    void add(int image, int channel, long row, long column, double value) {
        array.data()[at(image, channel, row, column)] += value;
    }
}
