package dev.lejepa.tools.stat;

import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The univariate tests, applied to features along random directions. Features have a place and a size of their own, so
/// their mean is taken off and all numbers are divided by one number, which brings the mean variance of a column to 1:
/// what a test then finds is that directions differ, or the form of the law along them. Seconds, where [Battery], which
/// also has p-values and tests of pairs, takes a minute.
///
/// @param seed of directions and of the draws that statistics are compared with
public record FeatureTests(Engine engine, long seed) {
    /// Directions, and normal columns that statistics are compared with.
    private static final int COLUMNS = 256;

    private static final int MOST_ROWS = 2048;
    private static final int LEAST_ROWS = 8;

    /// What a test found.
    ///
    /// @param statistic its mean over directions
    /// @param expected its mean for as many standard normal numbers
    public record Row(String test, double statistic, double expected) {}

    /// All tests, one after the other; none where rows are fewer than 8, equal, or not finite. Of more than 2,048 rows
    /// as many are taken, evenly spaced.
    public List<Row> of(Features all) {
        var n = Math.min(all.rows(), MOST_ROWS);
        var x = all.take(IntStream.range(0, n)
                .map(i -> (int) ((long) i * all.rows() / n))
                .toArray());
        var spread = n < LEAST_ROWS ? new Spread(new double[0], new double[0]) : Spread.of(x);
        var scale = Math.sqrt(
                Arrays.stream(spread.deviation()).map(s -> s * s).average().orElse(0));
        if (!(scale > 0) || Double.isInfinite(scale)) {
            return List.of();
        }
        var projections = project(x, spread.mean(), scale);
        return TestCatalog.UNIVARIATE.stream()
                .map(name -> row(TestCatalog.univariate(name, TestParameters.none()), projections))
                .toList();
    }

    private Row row(UnivariateTest test, Columns projections) {
        try (var compiled = new ColumnTest(engine, test, projections.rows(), projections.count(), false)) {
            var normal = new NormalColumns(Key.of(seed, "stat null"), projections.rows(), COLUMNS);
            return new Row(
                    test.name(),
                    mean(compiled.statistics(projections)),
                    NullLaws.of(test, projections.rows())
                            .map(NullLaws.Law::mean)
                            .orElseGet(() -> mean(compiled.statistics(normal))));
        }
    }

    private static double mean(double[] statistics) {
        return Arrays.stream(statistics).average().orElse(0);
    }

    private Columns project(Features x, double[] mean, double scale) {
        var directions = Directions.random(Stat.slicesKey(seed), x.columns(), COLUMNS);
        var values = new float[x.rows() * COLUMNS];
        IntStream.range(0, x.rows()).parallel().forEach(row -> {
            for (var j = 0; j < x.columns(); j++) {
                var factor = (float) ((x.at(row, j) - mean[j]) / scale);
                for (var s = 0; s < COLUMNS; s++) {
                    values[row * COLUMNS + s] += factor * directions.values()[j * COLUMNS + s];
                }
            }
        });
        return new Columns(values, x.rows());
    }

    /// Projections `[rows, 256]` in memory.
    private record Columns(float[] values, int rows) implements ColumnSource {
        @Override
        public int count() {
            return COLUMNS;
        }

        @Override
        public void read(int first, int width, float[] out, int stride) {
            for (var i = 0; i < rows; i++) {
                System.arraycopy(values, i * COLUMNS + first, out, i * stride, width);
            }
        }

        @Override
        public void backward(int first, int width, float[] gradient, int stride, NpyMatrixWriter out) {
            throw new UnsupportedOperationException("features have no gradient");
        }
    }
}
