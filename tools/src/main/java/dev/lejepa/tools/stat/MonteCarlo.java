package dev.lejepa.tools.stat;

import dev.lejepa.graphs.losses.AndersonDarling;
import dev.lejepa.graphs.losses.CramerVonMises;
import dev.lejepa.graphs.losses.Entropy;
import dev.lejepa.graphs.losses.EppsPulley;
import dev.lejepa.graphs.losses.ExtendedJarqueBera;
import dev.lejepa.graphs.losses.Moments;
import dev.lejepa.graphs.losses.Nll;
import dev.lejepa.graphs.losses.PairwiseTest;
import dev.lejepa.graphs.losses.ShapiroWilk;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.losses.VcReg;
import dev.lejepa.graphs.losses.Watson;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import java.util.function.Consumer;

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

    /// Larger samples are compared with this size where [#settles].
    private static final int SETTLED_ROWS = 4096;

    private MonteCarlo() {}

    /// Whether a test's null law hardly changes from some thousand samples on.
    private static boolean settles(UnivariateTest test) {
        return switch (test) {
            case AndersonDarling _, CramerVonMises _, EppsPulley _, VcReg _, Watson _ -> true;
            case Entropy _, ExtendedJarqueBera _, Moments _, Nll _, ShapiroWilk _ -> false;
        };
    }

    /// Statistics of columns.
    ///
    /// @param columns whose p-values will be combined
    static double[] columns(Engine engine, UnivariateTest test, int rows, int columns, long seed) {
        var n = settles(test) ? Math.min(rows, SETTLED_ROWS) : rows;
        var wanted = Math.max(DRAWS, PER_COLUMN * (double) columns);
        var draws = (int) Math.max(FEWEST, Math.min(wanted, NUMBERS / n));
        try (var compiled = new ColumnTest(engine, test, n, draws, false)) {
            return compiled.statistics(new NormalColumns(Key.of(seed, "stat null"), n, draws));
        }
    }

    /// Statistics of samples of vectors.
    ///
    /// @param notes told how long it will take, if it is long
    static double[] samples(Engine engine, PairwiseTest test, int rows, int d, long seed, Consumer<String> notes) {
        var draws = (int) Math.clamp(PAIRS / ((double) rows * rows), FEWEST, DRAWS);
        var all = new double[draws];
        try (var compiled = new PairTest(engine, test, rows, d, false)) {
            var progress = new Progress("null law of " + test.name(), draws * compiled.runs(), notes);
            for (var i = 0; i < draws; i++) {
                all[i] = compiled.statistic(Rows.normal(Key.of(seed, "stat null pairs", i), d), progress);
            }
        }
        return all;
    }
}
