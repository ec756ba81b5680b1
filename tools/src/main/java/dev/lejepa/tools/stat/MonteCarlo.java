package dev.lejepa.tools.stat;

import dev.lejepa.graphs.losses.MultivariateTest;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/// Statistics of standard normal samples, drawn from a seed.
final class MonteCarlo {
    private static final int DRAWS = 1000;
    private static final int FEWEST = 99;

    /// Draws for each of the columns whose p-values are combined, so that the smallest can tell something.
    private static final int PER_COLUMN = 100;

    /// Normal numbers that may be drawn for one test of columns, about.
    private static final double NUMBERS = 1e8;

    /// Pairs of vectors that may be computed for one test of pairs, about.
    private static final double PAIRS = 5e8;

    /// Tests whose null law hardly changes from some thousand samples on: larger samples are compared with this size.
    private static final Set<String> SETTLED =
            Set.of("epps_pulley", "anderson_darling", "cramer_von_mises", "watson", "vcreg");

    private static final int SETTLED_ROWS = 4096;

    private MonteCarlo() {}

    /// Statistics of columns.
    ///
    /// @param columns whose p-values will be combined
    static double[] columns(Engine engine, UnivariateTest test, int rows, int columns, long seed) {
        var n = SETTLED.contains(test.name()) ? Math.min(rows, SETTLED_ROWS) : rows;
        var wanted = Math.max(DRAWS, PER_COLUMN * (double) columns);
        var draws = (int) Math.max(FEWEST, Math.min(wanted, NUMBERS / n));
        try (var compiled = new ColumnTest(engine, test, n, draws, false)) {
            return compiled.statistics(new NormalColumns(Key.of(seed, "stat null"), n, draws));
        }
    }

    /// Statistics of samples of vectors.
    static double[] samples(Engine engine, MultivariateTest test, int rows, int d, long seed) {
        var draws = (int) Math.clamp(PAIRS / ((double) rows * rows), FEWEST, DRAWS);
        var all = new double[draws];
        var sample = new float[rows * d];
        try (var compiled = new PairTest(engine, test, rows, d, false)) {
            for (var i = 0; i < draws; i++) {
                Fill.normal(Key.of(seed, "stat null pairs", i), 0, MemorySegment.ofArray(sample), 0, 1);
                all[i] = compiled.run(sample).statistic();
            }
        }
        return all;
    }
}
