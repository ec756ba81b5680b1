package dev.lejepa.tools.stat;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.runtime.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// A univariate test of columns of a given length, as a graph in the engine over a group of columns at a time.
final class ColumnTest implements AutoCloseable {
    /// Elements of a group, about: what bounds memory.
    private static final int ELEMENTS = 1 << 22;

    private final FloatGraph graph;
    private final int rows;
    private final int width;

    /// @param most columns that there will be
    /// @param gradient whether the gradient is computed too
    ColumnTest(Engine engine, UnivariateTest test, int rows, int most, boolean gradient) {
        this.rows = rows;
        this.width = Math.clamp(ELEMENTS / rows, 1, most);
        var g = new Graph(test.name());
        var x = g.input("x", Type.f32(rows, width));
        var each = test.statistic(x);
        g.output("statistic", each);
        if (gradient) {
            g.output(
                    "gradient",
                    Autodiff.gradients(each.sum(false, 0), List.of(x)).getFirst());
        }
        this.graph = new FloatGraph(engine, g);
    }

    /// The statistic of each column.
    double[] statistics(ColumnSource source) {
        return go(source, Optional.empty(), s -> 0);
    }

    /// The statistic of each column; writes the gradient of their weighted sum.
    ///
    /// @param weight of a column, by its statistic
    double[] statistics(ColumnSource source, NpyMatrixWriter out, DoubleUnaryOperator weight) {
        return go(source, Optional.of(out), weight);
    }

    private double[] go(ColumnSource source, Optional<NpyMatrixWriter> out, DoubleUnaryOperator weight) {
        var all = new double[source.count()];
        var group = new float[rows * width];
        for (var first = 0; first < all.length; first += width) {
            var found = Math.min(width, all.length - first);
            source.read(first, found, group, width);
            var results = graph.run(Map.of("x", group));
            var each = Objects.requireNonNull(results.get("statistic"));
            for (var j = 0; j < found; j++) {
                all[first + j] = each[j];
            }
            if (out.isPresent()) {
                var gradient = Objects.requireNonNull(results.get("gradient"));
                scale(gradient, each, weight);
                source.backward(first, found, gradient, width, out.get());
            }
        }
        return all;
    }

    private void scale(float[] gradient, float[] each, DoubleUnaryOperator weight) {
        for (var j = 0; j < width; j++) {
            var factor = (float) weight.applyAsDouble(each[j]);
            for (var i = 0; i < rows; i++) {
                gradient[i * width + j] *= factor;
            }
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
