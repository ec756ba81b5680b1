package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;

/// Bicubic, antialiased resampling of a grid of position embeddings as a constant matrix, so its gradient is exact.
/// The filter is PIL's: cubic with `a = -0.5`, stretched by the scale where the grid shrinks
/// (torch's `interpolate(mode="bicubic", antialias=True, align_corners=False)`, as timm resamples).
public final class PositionResampling {
    private static final double A = -0.5;

    private PositionResampling() {}

    /// The matrix `[newH newW, oldH oldW]` that maps embeddings of the old grid, row-major, to those of the new one.
    public static Tensor matrix(int oldH, int oldW, int newH, int newW) {
        var rows = weights(oldH, newH);
        var cols = weights(oldW, newW);
        var m = new double[newH * newW * oldH * oldW];
        for (var y = 0; y < newH; y++) {
            for (var x = 0; x < newW; x++) {
                var at = (y * newW + x) * oldH * oldW;
                for (var i = 0; i < oldH; i++) {
                    for (var j = 0; j < oldW; j++) {
                        m[at + i * oldW + j] = rows[y][i] * cols[x][j];
                    }
                }
            }
        }
        return Tensor.of(Shape.of((long) newH * newW, (long) oldH * oldW), m);
    }

    private static double[][] weights(int in, int out) {
        var scale = (double) in / out;
        var stretch = Math.max(scale, 1);
        var support = 2 * stretch;
        var w = new double[out][in];
        for (var i = 0; i < out; i++) {
            var center = (i + 0.5) * scale;
            var first = (int) Math.max(center - support + 0.5, 0);
            var end = (int) Math.min(center + support + 0.5, in);
            var sum = 0.0;
            for (var j = first; j < end; j++) {
                w[i][j] = cubic((j - center + 0.5) / stretch);
                sum += w[i][j];
            }
            for (var j = first; j < end; j++) {
                w[i][j] /= sum;
            }
        }
        return w;
    }

    private static double cubic(double x) {
        var t = Math.abs(x);
        if (t < 1) {
            return ((A + 2) * t - (A + 3)) * t * t + 1;
        }
        return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
    }
}
