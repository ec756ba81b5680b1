package dev.lejepa.tools.stat;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.losses.MultivariateTest;
import dev.lejepa.runtime.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A test over all pairs of a sample's rows, as a graph in the engine. Memory grows with the square of the rows.
final class PairTest implements AutoCloseable {
    /// The matrices of pairs that the engine holds at once, about, the gradient's included.
    private static final int MATRICES = 8;

    /// Memory that they may take.
    private static final long BYTES = 4L << 30;

    private final FloatGraph graph;

    PairTest(Engine engine, MultivariateTest test, int rows, int columns, boolean gradient) {
        var g = new Graph(test.name());
        var x = g.input("x", Type.f32(rows, columns));
        var statistic =
                test.statistic(x.reshape(1, rows, columns), Optional.empty()).reshape(Shape.scalar());
        g.output("statistic", statistic);
        if (gradient) {
            g.output("gradient", Autodiff.gradients(statistic, List.of(x)).getFirst());
        }
        this.graph = new FloatGraph(engine, g);
    }

    /// The most rows whose pairs fit.
    static int mostRows() {
        return (int) Math.sqrt((double) BYTES / MATRICES / Float.BYTES);
    }

    /// Refuses a sample whose pairs do not fit.
    static void requireFit(String file, String test, long rows) {
        if (rows > mostRows()) {
            throw new BadInputException(
                    "%s: %d rows are too many for %s, which keeps all pairs of rows in memory; at most %d fit"
                            .formatted(file, rows, test, mostRows()));
        }
    }

    /// @param statistic of the sample
    /// @param gradient with respect to it, empty if it was not asked for
    record Answer(double statistic, float[] gradient) {}

    Answer run(float[] sample) {
        var results = graph.run(Map.of("x", sample));
        return new Answer(
                Objects.requireNonNull(results.get("statistic"))[0], results.getOrDefault("gradient", new float[0]));
    }

    @Override
    public void close() {
        graph.close();
    }
}
