package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;

/// Maps of another size, each axis by a constant matrix, so that gradients are exact: torch's
/// `interpolate(align_corners=False)`.
///
/// @param antialias whether the filter is as wide as what it makes one element of, where the maps shrink
public record Resize(long height, long width, Filter filter, boolean antialias) {
    /// How elements are weighed by their distance.
    public enum Filter {
        BILINEAR(1),
        BICUBIC(2);

        private final int support;

        Filter(int support) {
            this.support = support;
        }

        /// @param a torch's two parameters of the cubic: -0.75, and -0.5 with `antialias`
        private double weight(double distance, double a) {
            var t = Math.abs(distance);
            return switch (this) {
                case BILINEAR -> Math.max(1 - t, 0);
                case BICUBIC ->
                    t < 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
            };
        }
    }

    /// @param x maps in the scope's layout
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var layout = s.imageLayout();
            var rows = s.graph().constant(matrix(layout.height(x.shape()), height));
            var columns = s.graph().constant(matrix(layout.width(x.shape()), width));
            var channels = layout.channels(x.shape());
            return switch (layout) {
                case NCHW -> rows.matmul(x).matmul(columns, false, true, 1);
                case NHWC -> {
                    var flat = x.reshape(x.dim(0), x.dim(1), x.dim(2) * channels);
                    var tall = rows.matmul(flat).reshape(x.dim(0), height, x.dim(2), channels);
                    yield columns.matmul(tall);
                }
            };
        });
    }

    /// The matrix `[to, from]` that resizes an axis.
    Tensor matrix(long from, long to) {
        var m = new double[Math.toIntExact(to * from)];
        for (var i = 0; i < to; i++) {
            var row = antialias ? smoothed(from, to, i) : interpolated(from, to, i);
            System.arraycopy(row, 0, m, Math.toIntExact(i * from), row.length);
        }
        return Tensor.of(Shape.of(to, from), m);
    }

    /// Elements beyond the ends are not there; weights add up to 1.
    private double[] smoothed(long from, long to, int i) {
        var scale = (double) from / to;
        var stretch = Math.max(scale, 1);
        var center = (i + 0.5) * scale;
        var row = new double[Math.toIntExact(from)];
        var sum = 0.0;
        for (var j = 0; j < from; j++) {
            row[j] = filter.weight((j + 0.5 - center) / stretch, -0.5);
            sum += row[j];
        }
        for (var j = 0; j < from; j++) {
            row[j] /= sum;
        }
        return row;
    }

    /// Elements beyond the ends are the last ones.
    private double[] interpolated(long from, long to, int i) {
        var center = (i + 0.5) * from / to - 0.5;
        var row = new double[Math.toIntExact(from)];
        var first = (long) Math.floor(center) + 1 - filter.support;
        for (var j = first; j < first + 2L * filter.support; j++) {
            row[Math.toIntExact(Math.clamp(j, 0, from - 1))] += filter.weight(j - center, -0.75);
        }
        return row;
    }

    @Override
    public String toString() {
        return "Resize to " + height + " x " + width;
    }
}
