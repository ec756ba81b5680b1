package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import java.util.Arrays;

/// Parts and orders of arrays.
final class Rows {
    private Rows() {}

    /// Entry `i` of the leading axis.
    static NdArray row(NdArray all, int i) {
        var dims = all.shape().dims();
        var rest = Arrays.copyOfRange(dims, 1, dims.length);
        var size = all.size() / Math.toIntExact(dims[0]);
        return NdArray.of(Shape.of(rest), Arrays.copyOfRange(all.data(), i * size, (i + 1) * size));
    }

    /// The same elements in another shape.
    static NdArray reshape(NdArray array, long... dims) {
        return NdArray.of(Shape.of(dims), array.data());
    }

    /// Rows `n*V+v` as `[V, N, K]`.
    static NdArray viewMajor(NdArray rows, int views) {
        var images = rows.dim(0) / views;
        var width = rows.dim(1);
        var out = new double[rows.size()];
        for (var n = 0; n < images; n++) {
            for (var v = 0; v < views; v++) {
                System.arraycopy(rows.data(), (n * views + v) * width, out, (v * images + n) * width, width);
            }
        }
        return NdArray.of(Shape.of(views, images, width), out);
    }
}
