package dev.lejepa.tools.stat;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.PairFormula;
import dev.lejepa.graphs.losses.Pairs;
import dev.lejepa.graphs.losses.PairwiseTest;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.runtime.engine.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/// A test over all pairs of a sample's rows, in the engine: a block of rows against a block of rows at a time, so that
/// memory does not grow with the sample. Time grows with the square of the rows. What blocks add up to is summed in
/// double precision.
final class PairTest implements AutoCloseable {
    /// Rows of a block, at most: a matrix of their pairs has 16 MB.
    private static final int BLOCK = 1 << 11;

    /// Elements of a block, at most, unless a row alone has more: what bounds memory where rows are long.
    private static final int ELEMENTS = 1 << 24;

    private final PairFormula formula;
    private final long rows;
    private final int columns;
    private final int block;
    private final FloatGraph pairs;
    private final Optional<FloatGraph> singles;

    PairTest(Engine engine, PairwiseTest test, long rows, int columns, boolean gradient) {
        this(engine, test, rows, columns, gradient, most(columns));
    }

    /// Rows of a block, at most.
    static int most(int columns) {
        return Math.clamp(ELEMENTS / columns, 1, BLOCK);
    }

    PairTest(Engine engine, PairwiseTest test, long rows, int columns, boolean gradient, int most) {
        this.formula = test.formula(rows, columns);
        this.rows = rows;
        this.columns = columns;
        this.block = (int) divided(rows, divided(rows, most)); // as equal blocks as can be
        this.pairs = new FloatGraph(engine, pairs(gradient));
        this.singles =
                formula.singles().present() ? Optional.of(new FloatGraph(engine, singles(gradient))) : Optional.empty();
    }

    private static long divided(long a, long b) {
        return (a + b - 1) / b;
    }

    /// Sums of the terms of all pairs of two blocks, one for each row of the first; rows have weights.
    private Graph pairs(boolean gradient) {
        var g = new Graph("pairs");
        var x = g.input("x", Type.f32(1, block, columns));
        var y = g.input("y", Type.f32(1, block, columns));
        var terms = formula.pairs().each().apply(Pairs.between(x, y));
        var sums = terms.matmul(g.input("y_weights", Type.f32(1, block, 1)))
                .mul(g.input("x_weights", Type.f32(1, block, 1)));
        return complete(g, sums, gradient ? List.of(x, y) : List.of(), pairFactor());
    }

    private Graph singles(boolean gradient) {
        var g = new Graph("singles");
        var x = g.input("x", Type.f32(1, block, columns));
        var terms = formula.singles().each().apply(Pairs.squares(x));
        var sums = terms.mul(g.input("x_weights", Type.f32(1, block, 1)));
        return complete(g, sums, gradient ? List.of(x) : List.of(), singleFactor());
    }

    private static Graph complete(Graph g, Value sums, List<Value> inputs, double factor) {
        g.output("sums", sums);
        if (!inputs.isEmpty()) {
            var total = sums.mul(factor).sum(false, 0, 1, 2).reshape(Shape.scalar());
            var gradients = Autodiff.gradients(total, inputs);
            g.output("x_gradient", gradients.getFirst());
            if (gradients.size() > 1) {
                g.output("y_gradient", gradients.getLast());
            }
        }
        return g;
    }

    private double pairFactor() {
        return formula.scale() * formula.pairs().factor() / ((double) rows * rows);
    }

    private double singleFactor() {
        return formula.scale() * formula.singles().factor() / rows;
    }

    /// Runs of the engine over pairs of blocks that a sample takes.
    long runs() {
        var blocks = divided(rows, block);
        return formula.symmetric() ? blocks * (blocks + 1) / 2 : blocks * blocks;
    }

    /// The statistic of a sample.
    double statistic(Rows sample, Progress progress) {
        return go(sample, progress, (_, _) -> {});
    }

    /// The statistic of a sample; adds its gradient to a matrix.
    double statistic(Rows sample, Progress progress, NpyMatrixWriter out) {
        return go(sample, progress, (of, gradient) -> {
            for (var i = 0; i < of.count; i++) {
                for (var j = 0; j < columns; j++) {
                    out.add(of.first + i, j, gradient[i * columns + j]);
                }
            }
        });
    }

    /// Rows of a sample, those that lack at the end replaced by the first one, as the terms of zeros might overflow.
    private record Block(long first, int count, float[] values) {}

    private Block read(Rows sample, long first) {
        var count = (int) Math.min(block, rows - first);
        var values = new float[block * columns];
        sample.read(first, count, values);
        for (var i = count; i < block; i++) {
            System.arraycopy(values, 0, values, i * columns, columns);
        }
        return new Block(first, count, values);
    }

    private float[] weights(Block of, float weight) {
        var all = new float[block];
        Arrays.fill(all, 0, of.count, weight);
        return all;
    }

    private double go(Rows sample, Progress progress, BiConsumer<Block, float[]> gradient) {
        var pairSum = 0.0;
        var singleSum = 0.0;
        for (var i = 0L; i < rows; i += block) {
            var x = read(sample, i);
            if (singles.isPresent()) {
                singleSum += single(singles.get(), x, gradient);
            }
            for (var j = formula.symmetric() ? i : 0; j < rows; j += block) {
                pairSum += pair(x, i == j ? x : read(sample, j), gradient);
                progress.step();
            }
        }
        return pairFactor() * pairSum + singleFactor() * singleSum + formula.scale() * formula.constant();
    }

    private double single(FloatGraph graph, Block x, BiConsumer<Block, float[]> gradient) {
        return sum(graph.run(Map.of("x", x.values, "x_weights", weights(x, 1))), x, x, gradient);
    }

    private double pair(Block x, Block y, BiConsumer<Block, float[]> gradient) {
        var twice = formula.symmetric() && x.first != y.first;
        var inputs = Map.of(
                "x", x.values, "y", y.values, "x_weights", weights(x, twice ? 2 : 1), "y_weights", weights(y, 1));
        return sum(pairs.run(inputs), x, y, gradient);
    }

    private static double sum(Map<String, float[]> found, Block x, Block y, BiConsumer<Block, float[]> gradient) {
        Optional.ofNullable(found.get("x_gradient")).ifPresent(g -> gradient.accept(x, g));
        Optional.ofNullable(found.get("y_gradient")).ifPresent(g -> gradient.accept(y, g));
        var sum = 0.0;
        for (var s : Objects.requireNonNull(found.get("sums"))) {
            sum += s;
        }
        return sum;
    }

    @Override
    public void close() {
        pairs.close();
        singles.ifPresent(FloatGraph::close);
    }
}
