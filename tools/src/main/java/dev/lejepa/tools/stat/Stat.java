package dev.lejepa.tools.stat;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.Bhep;
import dev.lejepa.graphs.losses.BhepM;
import dev.lejepa.graphs.losses.Comb;
import dev.lejepa.graphs.losses.HenzeZirkler;
import dev.lejepa.graphs.losses.Hv;
import dev.lejepa.graphs.losses.PairwiseTest;
import dev.lejepa.graphs.losses.SlicedTest;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/// One test of one file.
public final class Stat {
    /// Parameters that only the sliced form of a test has.
    private static final Set<String> OF_SLICES = Set.of("slices", "reduction", "clip");

    /// Bytes of the heap that each row of a column takes, at most: its value, keys and places while it is sorted, and
    /// what formulas keep for each rank.
    private static final long BYTES_OF_ROW = 110;

    /// Rows beyond which what formulas keep for each rank is more than the 2 GB that a graph may have.
    private static final long MOST_ROWS = 100_000_000;

    private final Engine engine;
    private final StatRequest request;
    private final Consumer<String> notes;
    private final TestParameters parameters;

    /// @param notes told how long it will take, if it is long
    public Stat(Engine engine, StatRequest request, Consumer<String> notes) {
        this.engine = engine;
        this.request = request;
        this.notes = notes;
        this.parameters = new TestParameters("--param", request.parameters());
    }

    /// Applies the test.
    ///
    /// @throws BadInputException if test, parameters or files are not as they must be
    public StatResult run() throws IOException {
        var test = TestCatalog.find(request.test());
        var ofVectors = test.isPairwise()
                || request.directions().isPresent()
                || request.parameters().keySet().stream().anyMatch(OF_SLICES::contains);
        return ofVectors
                ? switch (TestCatalog.multivariate(test, parameters)) {
                    case PairwiseTest vectors -> pairwise(vectors);
                    case SlicedTest slices -> sliced(slices);
                }
                : columns(TestCatalog.univariate(test, parameters));
    }

    private NpyMatrix open(int least) {
        return open(request, least);
    }

    /// The embeddings, once they are known to be fit for a test.
    static NpyMatrix open(StatRequest request, int least) {
        var matrix = NpyFile.matrix(request.embeddings());
        if (matrix.rows() < least) {
            throw new BadInputException(Text.format(
                    "%s: %d rows, %s needs at least %d", matrix.name(), matrix.rows(), request.test(), least));
        }
        if (matrix.rows() > Integer.MAX_VALUE - 8) {
            throw new BadInputException(Text.format(
                    "%s: %d rows, expected at most %d", matrix.name(), matrix.rows(), Integer.MAX_VALUE - 8));
        }
        if (matrix.columns() < 1) {
            throw new BadInputException(Text.format("%s: no columns, expected at least one", matrix.name()));
        }
        FiniteCheck.require(matrix);
        return matrix;
    }

    private NpyMatrix openColumns(int least) {
        var matrix = open(least);
        var memory = Runtime.getRuntime().maxMemory();
        var most = Math.min(MOST_ROWS, memory / BYTES_OF_ROW);
        if (matrix.rows() > most) {
            throw new BadInputException(Text.format(
                    "%s: %d rows are too many, as whole columns are sorted in memory; at most %d fit (%d MB)",
                    matrix.name(), matrix.rows(), most, memory >> 20));
        }
        return matrix;
    }

    private StatResult columns(UnivariateTest test) throws IOException {
        var matrix = openColumns(test.leastSamples());
        var d = matrix.columns();
        var each = each(test, new MatrixColumns(matrix), matrix, _ -> 1.0 / d);
        return result(test, matrix, Arrays.stream(each).average().orElse(0), each, each);
    }

    private StatResult sliced(SlicedTest test) throws IOException {
        var matrix = openColumns(test.leastSamples());
        var directions = directions(test, matrix);
        var factor = switch (test.reduction()) {
            case MEAN -> 1.0 / directions.count();
            case SUM -> 1.0;
        };
        try (var projections = new Projections(engine, matrix, directions)) {
            var raw = each(test.test(), projections, matrix, s -> kept(s, test.clip()) * factor);
            var each = Arrays.stream(raw)
                    .map(s -> kept(s, test.clip()) == 1 ? s : 0)
                    .toArray();
            return result(test.test(), matrix, factor * Arrays.stream(each).sum(), each, raw);
        }
    }

    private static double kept(double statistic, OptionalDouble clip) {
        return clip.isPresent() && statistic < (float) clip.getAsDouble() ? 0 : 1;
    }

    private Directions directions(SlicedTest test, NpyMatrix matrix) {
        if (request.directions().isEmpty()) {
            return Directions.random(slicesKey(request.seed()), matrix.columns(), test.slices());
        }
        var file = request.directions().get();
        var directions = Directions.read(file, matrix);
        if (request.parameters().containsKey("slices") && test.slices() != directions.count()) {
            throw new BadInputException(
                    Text.format("--param slices=%d: %s has %d directions", test.slices(), file, directions.count()));
        }
        return directions;
    }

    static Key slicesKey(long seed) {
        return Key.of(seed, "stat slices");
    }

    private double[] each(UnivariateTest test, ColumnSource source, NpyMatrix matrix, DoubleUnaryOperator weight)
            throws IOException {
        var wanted = request.gradient();
        try (var compiled = new ColumnTest(engine, test, source.rows(), source.count(), wanted.isPresent())) {
            if (wanted.isEmpty()) {
                return compiled.statistics(source);
            }
            try (var out = NpyMatrixWriter.create(wanted.get(), matrix.rows(), matrix.columns())) {
                var each = compiled.statistics(source, out, weight);
                out.commit();
                return each;
            }
        }
    }

    private StatResult result(UnivariateTest test, NpyMatrix matrix, double statistic, double[] each, double[] raw) {
        var n = Math.toIntExact(matrix.rows());
        return new StatResult(
                test.name(),
                n,
                matrix.columns(),
                statistic,
                Optional.of(each),
                significance(engine, test, request, n, raw));
    }

    /// By the known law if the test has its standard form, else by draws if they are asked for.
    static Optional<Significance> significance(
            Engine engine, UnivariateTest test, StatRequest request, int n, double[] each) {
        var law = NullLaws.of(test, n);
        if (law.isPresent()) {
            return Optional.of(Significance.of(law.get(), each));
        }
        return request.draw()
                ? Optional.of(
                        Significance.of(MonteCarlo.columns(engine, test, n, each.length, request.seed()), each, false))
                : Optional.empty();
    }

    private StatResult pairwise(PairwiseTest test) throws IOException {
        if (request.directions().isPresent()) {
            throw new BadInputException(
                    Text.format("--directions: %s reads all pairs of rows and no directions", test.name()));
        }
        var matrix = open(test.leastSamples());
        var n = Math.toIntExact(matrix.rows());
        var d = matrix.columns();
        var statistic = statistic(test, matrix);
        return new StatResult(
                test.name(),
                n,
                d,
                statistic,
                Optional.empty(),
                request.draw()
                        ? Optional.of(pairSignificance(engine, test, n, d, statistic, request.seed(), notes))
                        : Optional.empty());
    }

    private double statistic(PairwiseTest test, NpyMatrix matrix) throws IOException {
        var wanted = request.gradient();
        try (var compiled = new PairTest(engine, test, matrix.rows(), matrix.columns(), wanted.isPresent())) {
            var progress =
                    new Progress(Text.format("%s of %d rows", test.name(), matrix.rows()), compiled.runs(), notes);
            if (wanted.isEmpty()) {
                return compiled.statistic(Rows.of(matrix), progress);
            }
            try (var out = NpyMatrixWriter.create(wanted.get(), matrix.rows(), matrix.columns())) {
                var statistic = compiled.statistic(Rows.of(matrix), progress, out);
                out.commit();
                return statistic;
            }
        }
    }

    static Significance pairSignificance(
            Engine engine, PairwiseTest test, int n, int d, double statistic, long seed, Consumer<String> notes) {
        // The combination of both functions is the one test that departures move either way.
        var bothSides = switch (test) {
            case Comb _ -> true;
            case Bhep _, BhepM _, HenzeZirkler _, Hv _ -> false;
        };
        var draws = MonteCarlo.samples(engine, test, n, d, seed, notes);
        return Significance.of(draws, new double[] {statistic}, bothSides);
    }
}
