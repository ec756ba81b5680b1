package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import java.util.List;

/// Convolution and its gradients: each is a sum over the same triples of an element of the result, one of the maps and
/// one of the weights.
final class Convolutions {
    private Convolutions() {}

    /// One product of the sum.
    @FunctionalInterface
    private interface Triple {
        /// @param y an element of the result
        /// @param x the element of the maps that it reads
        /// @param w the weight between them
        void visit(int y, int x, int w);
    }

    static NdArray evaluate(Convolution op, List<NdArray> in) {
        return switch (op) {
            case Conv c -> conv(in, c, Maps.result(exact(c), in));
            case Convolution.ConvDataGrad g -> {
                var whole = new Convolution.ConvDataGrad(exact(g.conv()), g.height(), g.width());
                yield dataGradient(in, g.conv(), Maps.result(whole, in));
            }
            case Convolution.ConvWeightsGrad g ->
                weightsGradient(in, g.conv(), Maps.result(new Convolution.ConvWeightsGrad(exact(g.conv())), in));
        };
    }

    private static Conv exact(Conv conv) {
        return conv.to(DType.FLOAT32);
    }

    /// `(x, weights)` or `(x, weights, bias)` to the result.
    private static NdArray conv(List<NdArray> in, Conv conv, Shape result) {
        var x = in.get(0);
        var weights = in.get(1);
        var y = NdArray.zeros(result);
        visit(
                conv,
                Maps.of(y, conv.layout()),
                Maps.of(x, conv.layout()),
                (i, j, k) -> y.data()[i] += x.get(j) * weights.get(k));
        if (in.size() == 3) {
            addBias(Maps.of(y, conv.layout()), in.get(2));
        }
        return y;
    }

    private static void addBias(Maps y, NdArray bias) {
        for (var n = 0; n < y.images(); n++) {
            for (var c = 0; c < y.channels(); c++) {
                for (var place = 0; place < y.height() * y.width(); place++) {
                    y.add(n, c, place / y.width(), place % y.width(), bias.get(c));
                }
            }
        }
    }

    /// `(dy, weights)` to the gradient of the maps.
    private static NdArray dataGradient(List<NdArray> in, Conv conv, Shape maps) {
        var dy = in.get(0);
        var weights = in.get(1);
        var dx = NdArray.zeros(maps);
        visit(
                conv,
                Maps.of(dy, conv.layout()),
                Maps.of(dx, conv.layout()),
                (i, j, k) -> dx.data()[j] += dy.get(i) * weights.get(k));
        return dx;
    }

    /// `(dy, x)` to the gradient of the weights.
    private static NdArray weightsGradient(List<NdArray> in, Conv conv, Shape weights) {
        var dy = in.get(0);
        var x = in.get(1);
        var dw = NdArray.zeros(weights);
        visit(
                conv,
                Maps.of(dy, conv.layout()),
                Maps.of(x, conv.layout()),
                (i, j, k) -> dw.data()[k] += dy.get(i) * x.get(j));
        return dw;
    }

    private static void visit(Conv conv, Maps y, Maps x, Triple body) {
        var filters = y.channels() / conv.groups();
        var channels = x.channels() / conv.groups();
        for (var n = 0; n < y.images(); n++) {
            for (var o = 0; o < y.channels(); o++) {
                for (var i = 0; i < channels; i++) {
                    visitPlane(conv, y, x, n, o, o / filters * channels + i, (o * channels + i), body);
                }
            }
        }
    }

    private static void visitPlane(Conv conv, Maps y, Maps x, int n, int o, int c, int plane, Triple body) {
        var rows = conv.window().height();
        var columns = conv.window().width();
        for (var h = 0; h < y.height(); h++) {
            for (var w = 0; w < y.width(); w++) {
                for (var k = 0; k < conv.window().elements(); k++) {
                    var row = rows.at(h, k / columns.kernel());
                    var column = columns.at(w, k % columns.kernel());
                    if (x.has(row, column)) {
                        body.visit(
                                y.at(n, o, h, w),
                                x.at(n, c, row, column),
                                plane * conv.window().elements() + k);
                    }
                }
            }
        }
    }
}
