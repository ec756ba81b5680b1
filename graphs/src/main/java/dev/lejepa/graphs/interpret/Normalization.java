package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import java.util.List;

/// LayerNorm and BatchNorm. Both normalize groups of elements: a row of the last axis, or the elements of a channel. A
/// group is a start, a stride and a count, so the formulas stand once.
final class Normalization {
    private Normalization() {}

    /// `(x, scale, bias)` to `(y, mean, inverse standard deviation)`.
    static List<NdArray> layerNorm(List<NdArray> in, double epsilon) {
        var x = in.get(0);
        var width = x.rowLength();
        var mean = NdArray.zeros(x.shape().with(-1, 1));
        var inverse = NdArray.zeros(mean.shape());
        var y = NdArray.zeros(x.shape());
        for (var r = 0; r < mean.size(); r++) {
            mean.data()[r] = mean(x, r * width, 1, width);
            inverse.data()[r] = 1 / Math.sqrt(variance(x, r * width, 1, width, mean.get(r)) + epsilon);
            for (var c = 0; c < width; c++) {
                var i = r * width + c;
                y.data()[i] = (x.get(i) - mean.get(r))
                                * inverse.get(r)
                                * in.get(1).get(c)
                        + in.get(2).get(c);
            }
        }
        return List.of(y, mean, inverse);
    }

    /// `(dy, x, scale, mean, inverse standard deviation)` to `(dx, dscale, dbias)`.
    static List<NdArray> layerNormGrad(List<NdArray> in) {
        var dy = in.get(0);
        var x = in.get(1);
        var scale = in.get(2);
        var width = x.rowLength();
        var dx = NdArray.zeros(x.shape());
        var dscale = NdArray.zeros(scale.shape());
        var dbias = NdArray.zeros(scale.shape());
        var normalized = new double[width];
        var scaled = new double[width];
        for (var r = 0; r < in.get(3).size(); r++) {
            for (var c = 0; c < width; c++) {
                var i = r * width + c;
                normalized[c] = (x.get(i) - in.get(3).get(r)) * in.get(4).get(r);
                scaled[c] = dy.get(i) * scale.get(c);
                dscale.data()[c] += dy.get(i) * normalized[c];
                dbias.data()[c] += dy.get(i);
            }
            pullBack(scaled, normalized, in.get(4).get(r), dx, r * width, 1);
        }
        return List.of(dx, dscale, dbias);
    }

    /// `(x, scale, bias, running mean, running variance)` to `(y, new running mean, new running variance, batch mean,
    /// inverse standard deviation)`.
    static List<NdArray> batchNorm(List<NdArray> in, Norm.BatchNorm op) {
        var x = in.get(0);
        var channels = Channels.of(x, op.axis());
        var rows = channels.rows();
        var y = NdArray.zeros(x.shape());
        var mean = NdArray.zeros(Shape.of(channels.count()));
        var inverse = NdArray.zeros(mean.shape());
        var newMean = NdArray.zeros(mean.shape());
        var newVariance = NdArray.zeros(mean.shape());
        for (var c = 0; c < channels.count(); c++) {
            var values = channels.values(x, c);
            mean.data()[c] = mean(values, 0, 1, rows);
            var variance = variance(values, 0, 1, rows, mean.get(c));
            inverse.data()[c] = 1 / Math.sqrt(variance + op.epsilon());
            newMean.data()[c] = (1 - op.momentum()) * in.get(3).get(c) + op.momentum() * mean.get(c);
            newVariance.data()[c] =
                    (1 - op.momentum()) * in.get(4).get(c) + op.momentum() * variance * rows / (rows - 1);
            for (var r = 0; r < rows; r++) {
                var value = (values.get(r) - mean.get(c))
                                * inverse.get(c)
                                * in.get(1).get(c)
                        + in.get(2).get(c);
                y.data()[channels.at(c, r)] = op.relu() ? Math.max(value, 0) : value;
            }
        }
        return List.of(y, newMean, newVariance, mean, inverse);
    }

    /// `(dy, x, scale, batch mean, inverse standard deviation)`, and the bias where a ReLU follows, to `(dx, dscale,
    /// dbias)`.
    static List<NdArray> batchNormGrad(List<NdArray> in, Norm.BatchNormGrad op) {
        var dy = NdArray.of(in.get(0).shape(), in.get(0).data().clone());
        var x = in.get(1);
        var channels = Channels.of(x, op.axis());
        var rows = channels.rows();
        var dx = NdArray.zeros(x.shape());
        var dscale = NdArray.zeros(in.get(2).shape());
        var dbias = NdArray.zeros(in.get(2).shape());
        var normalized = new double[rows];
        var scaled = new double[rows];
        var pulled = NdArray.zeros(Shape.of(rows));
        for (var c = 0; c < channels.count(); c++) {
            for (var r = 0; r < rows; r++) {
                var i = channels.at(c, r);
                normalized[r] = (x.get(i) - in.get(3).get(c)) * in.get(4).get(c);
                if (op.relu() && normalized[r] * in.get(2).get(c) + in.get(5).get(c) <= 0) {
                    dy.data()[i] = 0;
                }
                scaled[r] = dy.get(i) * in.get(2).get(c);
                dscale.data()[c] += dy.get(i) * normalized[r];
                dbias.data()[c] += dy.get(i);
            }
            pullBack(scaled, normalized, in.get(4).get(c), pulled, 0, 1);
            for (var r = 0; r < rows; r++) {
                dx.data()[channels.at(c, r)] = pulled.get(r);
            }
        }
        return List.of(dx, dscale, dbias);
    }

    /// The elements of each index along one axis.
    ///
    /// @param count of indices
    /// @param rows elements of each
    /// @param inner elements from one index to the next
    private record Channels(int count, int rows, int inner) {
        static Channels of(NdArray x, int axis) {
            var inner = 1;
            for (var i = axis + 1; i < x.shape().rank(); i++) {
                inner *= x.dim(i);
            }
            return new Channels(x.dim(axis), x.size() / x.dim(axis), inner);
        }

        int at(int channel, int row) {
            return (row / inner * count + channel) * inner + row % inner;
        }

        NdArray values(NdArray x, int channel) {
            var values = NdArray.zeros(Shape.of(rows));
            for (var r = 0; r < rows; r++) {
                values.data()[r] = x.get(at(channel, r));
            }
            return values;
        }
    }

    /// With `g` the cotangent of the normalized group `n`: `dx = inverse (g - mean(g) - n mean(g n))`.
    private static void pullBack(double[] g, double[] n, double inverse, NdArray dx, int start, int stride) {
        var meanG = 0.0;
        var meanProduct = 0.0;
        for (var i = 0; i < g.length; i++) {
            meanG += g[i] / g.length;
            meanProduct += g[i] * n[i] / g.length;
        }
        for (var i = 0; i < g.length; i++) {
            dx.data()[start + i * stride] = inverse * (g[i] - meanG - n[i] * meanProduct);
        }
    }

    private static double mean(NdArray x, int start, int stride, int count) {
        var sum = 0.0;
        for (var i = 0; i < count; i++) {
            sum += x.get(start + i * stride);
        }
        return sum / count;
    }

    private static double variance(NdArray x, int start, int stride, int count, double mean) {
        var sum = 0.0;
        for (var i = 0; i < count; i++) {
            var d = x.get(start + i * stride) - mean;
            sum += d * d;
        }
        return sum / count;
    }
}
