package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Pooling.AveragePool;
import dev.lejepa.graphs.ir.Shape;
import java.util.Arrays;
import java.util.List;

/// Maxima and means in windows, and their gradients.
final class Poolings {
    private Poolings() {}

    /// What becomes of the elements under one place of the window.
    @FunctionalInterface
    private interface Place {
        /// @param y the element of the result
        /// @param covered elements of the maps, rows before columns
        /// @param number of the place in its plane, rows before columns
        void visit(int y, int[] covered, int number);
    }

    static NdArray evaluate(Pooling op, List<NdArray> in) {
        var result = Maps.result(op, in);
        return switch (op) {
            case Pooling.MaxPool p -> max(in.getFirst(), p.pool(), result);
            case Pooling.MaxPoolGrad p -> maxGradient(in.get(0), in.get(1), p.pool());
            case AveragePool p -> mean(in.getFirst(), p, result);
            case Pooling.AveragePoolGrad p -> meanGradient(in.getFirst(), p.of(), result);
        };
    }

    private static NdArray max(NdArray x, Pool pool, Shape result) {
        var y = NdArray.zeros(result);
        visit(pool, y, x, (i, covered, _) -> y.data()[i] = x.get(largest(x, covered)));
        return y;
    }

    private static NdArray maxGradient(NdArray dy, NdArray x, Pool pool) {
        var dx = NdArray.zeros(x.shape());
        visit(pool, dy, x, (i, covered, _) -> dx.data()[largest(x, covered)] += dy.get(i));
        return dx;
    }

    private static NdArray mean(NdArray x, AveragePool op, Shape result) {
        var y = NdArray.zeros(result);
        var counts = op.counts(x.shape());
        visit(op.pool(), y, x, (i, covered, number) -> {
            for (var j : covered) {
                y.data()[i] += x.get(j) / counts[number];
            }
        });
        return y;
    }

    private static NdArray meanGradient(NdArray dy, AveragePool op, Shape maps) {
        var dx = NdArray.zeros(maps);
        var counts = op.counts(maps);
        visit(op.pool(), dy, dx, (i, covered, number) -> {
            for (var j : covered) {
                dx.data()[j] += dy.get(i) / counts[number];
            }
        });
        return dx;
    }

    private static int largest(NdArray x, int[] covered) {
        var best = covered[0];
        for (var j : covered) {
            best = x.get(j) > x.get(best) ? j : best;
        }
        return best;
    }

    private static void visit(Pool pool, NdArray results, NdArray elements, Place body) {
        var y = Maps.of(results, pool.layout());
        var x = Maps.of(elements, pool.layout());
        for (var n = 0; n < y.images(); n++) {
            for (var c = 0; c < y.channels(); c++) {
                for (var place = 0; place < y.height() * y.width(); place++) {
                    var h = place / y.width();
                    var w = place % y.width();
                    body.visit(y.at(n, c, h, w), covered(pool, x, n, c, h, w), place);
                }
            }
        }
    }

    private static int[] covered(Pool pool, Maps x, int n, int c, int h, int w) {
        var rows = pool.window().height();
        var columns = pool.window().width();
        var found = new int[pool.window().elements()];
        var count = 0;
        for (var k = 0; k < found.length; k++) {
            var row = rows.at(h, k / columns.kernel());
            var column = columns.at(w, k % columns.kernel());
            if (x.has(row, column)) {
                found[count++] = x.at(n, c, row, column);
            }
        }
        return Arrays.copyOf(found, count);
    }
}
