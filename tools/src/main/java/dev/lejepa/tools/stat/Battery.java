package dev.lejepa.tools.stat;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.PairwiseTest;
import dev.lejepa.graphs.losses.SlicedTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.runtime.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Every test of one file with default parameters, on as many evenly spaced rows as a minute allows, and a verdict.
public final class Battery {
    private static final int SLICES = 256;
    private static final int SLICED_ROWS = 16_384;
    private static final int PAIRED_ROWS = 1024;
    private static final long ELEMENTS = 1 << 25;
    private static final int LEAST_ROWS = 8;

    /// A test rejects where its p-value is below this, divided by the number of tests.
    private static final double LEVEL = 1e-3;

    private final Engine engine;
    private final StatRequest request;
    private final Consumer<String> notes;

    /// @param notes told how long it will take, if it is long
    public Battery(Engine engine, StatRequest request, Consumer<String> notes) {
        this.engine = engine;
        this.request = request;
        this.notes = notes;
    }

    /// Applies all tests.
    public BatteryResult run() {
        refuse(!request.parameters().isEmpty(), "--param");
        refuse(request.directions().isPresent(), "--directions");
        refuse(request.gradient().isPresent(), "--grad");
        var matrix = Stat.open(request, LEAST_ROWS);
        var some = matrix.sample(Math.max(LEAST_ROWS, Math.min(SLICED_ROWS, ELEMENTS / matrix.columns())));
        var few = matrix.sample(PAIRED_ROWS);
        var slices = matrix.columns() > 1 ? SLICES : 0;
        var rows = new ArrayList<>(columns(some, slices));
        TestCatalog.PAIRWISE.forEach(name -> rows.add(pairs(pairwise(name), few)));
        var departures = Diagnosis.of(matrix, request.seed());
        return new BatteryResult(
                matrix.rows(),
                matrix.columns(),
                Math.toIntExact(some.rows()),
                Math.toIntExact(few.rows()),
                slices,
                List.copyOf(rows),
                departures,
                verdict(rows, departures));
    }

    private static void refuse(boolean given, String option) {
        if (given) {
            throw new BadInputException(Text.format("%s: --test all takes none; name one test", option));
        }
    }

    private List<BatteryResult.Row> columns(NpyMatrix matrix, int slices) {
        if (slices == 0) {
            return columns(new MatrixColumns(matrix));
        }
        var directions = Directions.random(Stat.slicesKey(request.seed()), matrix.columns(), slices);
        try (var projections = new Projections(engine, matrix, directions)) {
            return columns(projections);
        }
    }

    private List<BatteryResult.Row> columns(ColumnSource source) {
        return TestCatalog.UNIVARIATE.stream().map(name -> column(name, source)).toList();
    }

    private BatteryResult.Row column(String name, ColumnSource source) {
        var test = TestCatalog.univariate(name, TestParameters.none());
        try (var compiled = new ColumnTest(engine, test, source.rows(), source.count(), false)) {
            var each = compiled.statistics(source);
            var significance = NullLaws.of(test, source.rows())
                    .map(law -> Significance.of(law, each))
                    .orElseGet(() -> Significance.of(
                            MonteCarlo.columns(engine, test, source.rows(), source.count(), request.seed()),
                            each,
                            false));
            return row(name, Arrays.stream(each).average().orElse(0), significance);
        }
    }

    private static PairwiseTest pairwise(String name) {
        return switch (TestCatalog.multivariate(name, TestParameters.none())) {
            case PairwiseTest test -> test;
            case SlicedTest _ -> throw new IllegalStateException(name);
        };
    }

    private BatteryResult.Row pairs(PairwiseTest test, NpyMatrix matrix) {
        var n = Math.toIntExact(matrix.rows());
        var d = matrix.columns();
        try (var compiled = new PairTest(engine, test, n, d, false)) {
            var progress = new Progress(test.name(), compiled.runs(), notes);
            var statistic = compiled.statistic(Rows.of(matrix), progress);
            return row(
                    test.name(),
                    statistic,
                    Stat.pairSignificance(engine, test, n, d, statistic, request.seed(), notes));
        }
    }

    private static BatteryResult.Row row(String name, double statistic, Significance s) {
        return new BatteryResult.Row(name, statistic, s.expected(), s.combined(), s.method());
    }

    static String verdict(List<BatteryResult.Row> rows, List<String> departures) {
        if (!departures.isEmpty()) {
            return "No, these embeddings are not an isotropic Gaussian sample: " + String.join("; ", departures) + ".";
        }
        var rejecting = names(rows, r -> r.pValue() < LEVEL / rows.size());
        if (!rejecting.isEmpty()) {
            return "No, these embeddings are not an isotropic Gaussian sample: mean, scale, skew, tails and correlations of"
                    + " the columns look right, but the law does not fit (" + rejecting + ").";
        }
        var unknown = names(rows, r -> Double.isNaN(r.pValue()));
        return unknown.isEmpty()
                ? "Yes, these embeddings look like an isotropic Gaussian sample: no test tells them from N(0, I)."
                : "Perhaps these embeddings are an isotropic Gaussian sample: no test tells them from N(0, I), but some have"
                        + " no p-value, as their numbers overflow (" + unknown + ").";
    }

    private static String names(List<BatteryResult.Row> rows, Predicate<BatteryResult.Row> which) {
        return rows.stream().filter(which).map(BatteryResult.Row::test).collect(Collectors.joining(", "));
    }
}
