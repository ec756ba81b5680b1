package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.runtime.engine.Engine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The nearest training rows of rows, by the angle between them, and classification by their vote: each of the `k`
/// nearest votes for its class with weight `exp(cosine / temperature)`, as DINO's (Caron et al., arXiv:2104.14294). Of
/// equally near rows the earlier one counts as nearer, of classes with equal votes the smaller number wins.
///
/// Cosines are those of double precision. Products in the engine, in blocks, choose which rows are worth that: more than
/// are wanted, and all of them where rounding might have hidden one. Features of an encoder often point nearly the same
/// way, so training rows are multiplied without their mean, which changes no order but leaves them their digits.
public final class NearestNeighbors implements AutoCloseable {
    /// DINO's.
    public static final double TEMPERATURE = 0.07;

    /// Training rows that a block of rows is compared with at once.
    private static final int CHUNK = 4096;

    private static final int QUERIES = 256;

    /// Candidates beyond the neighbors that are wanted.
    private static final int SPARE = 32;

    /// The rounding of a single-precision number, relative.
    private static final double ROUNDING = 0x1p-24;

    private final int columns;
    private final int rows;
    private final int most;
    private final Cosines train;
    /// What the products of a unit row with those in the engine may be off by.
    private final double error;
    private final List<EngineTensors> chunks = new ArrayList<>();
    private final List<EngineGraph> graphs = new ArrayList<>();

    /// @param train rows to be near to, as they come
    /// @param most neighbors of a row to keep, at most the number of rows
    public NearestNeighbors(Engine engine, Features train, int most) {
        if (most < 1 || most > train.rows()) {
            throw new IllegalArgumentException(Text.format("%d neighbors of %d rows", most, train.rows()));
        }
        this.columns = train.columns();
        this.rows = train.rows();
        this.most = most;
        this.train = Cosines.of(train);
        var centered = this.train.unit(this.train.mean());
        this.error = (columns + 2) * ROUNDING * longest(centered);
        var order = Blocks.inOrder(rows);
        try {
            new Blocks(rows, Math.min(CHUNK, rows)).each((from, count) -> {
                var tensors = new EngineTensors(engine);
                chunks.add(tensors);
                graphs.add(new EngineGraph(products(count), tensors));
                tensors.putRows("train", centered, order, from, count);
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            close(); // there may be no room for so many rows
            throw e;
        }
    }

    private Graph products(int count) {
        var g = new Graph("cosines");
        var queries = g.input("queries", Type.f32(QUERIES, columns));
        g.output("products", queries.gemm(g.input("train", Type.f32(count, columns)), false, true));
        return g;
    }

    private static double longest(Features x) {
        var longest = 0.0;
        for (var row = 0; row < x.rows(); row++) {
            var squares = 0.0;
            for (var j = 0; j < x.columns(); j++) {
                squares += (double) x.at(row, j) * x.at(row, j);
            }
            longest = Math.max(longest, squares);
        }
        return Math.sqrt(longest);
    }

    /// The nearest training rows of some rows.
    ///
    /// @param rows `[queries][most]`, nearest first
    /// @param cosines of the angles to them
    public record Found(int[][] rows, double[][] cosines) {
        /// The class of each query by the vote of its `k` nearest.
        ///
        /// @param labels of the training rows
        public int[] vote(int[] labels, int classes, int k, double temperature) {
            var votes = new int[rows.length];
            for (var q = 0; q < votes.length; q++) {
                var sums = new double[classes];
                for (var i = 0; i < k; i++) {
                    sums[labels[rows[q][i]]] += Math.exp(cosines[q][i] / temperature);
                }
                for (var c = 1; c < classes; c++) {
                    votes[q] = sums[c] > sums[votes[q]] ? c : votes[q];
                }
            }
            return votes;
        }

        /// Fraction of queries whose vote is their label.
        ///
        /// @param labels of the training rows
        /// @param queries their labels
        public double top1(int[] labels, int[] queries, int classes, int k) {
            var votes = vote(labels, classes, k, TEMPERATURE);
            var hits = 0;
            for (var q = 0; q < votes.length; q++) {
                hits += votes[q] == queries[q] ? 1 : 0;
            }
            return (double) hits / votes.length;
        }
    }

    /// Finds the neighbors of rows.
    public Found find(Features queries) {
        if (queries.columns() != columns) {
            throw new IllegalArgumentException(Text.format("%d columns, made for %d", queries.columns(), columns));
        }
        var exact = Cosines.of(queries);
        var scaled = exact.unit(new double[columns]);
        var found = new Found(new int[queries.rows()][], new double[queries.rows()][]);
        var order = Blocks.inOrder(queries.rows());
        var scores = new float[QUERIES * Math.min(CHUNK, rows)];
        new Blocks(queries.rows(), QUERIES).each((from, count) -> {
            var candidates = IntStream.range(0, count)
                    .mapToObj(_ -> new Largest(Math.min(rows, most + SPARE)))
                    .toList();
            for (var chunk = 0; chunk < chunks.size(); chunk++) {
                var tensors = chunks.get(chunk);
                tensors.putRows("queries", scaled, order, from, count);
                graphs.get(chunk).run();
                var width = Math.min(CHUNK, rows - chunk * CHUNK);
                tensors.of("products")
                        .copyTo(MemorySegment.ofArray(scores).asSlice(0, (long) QUERIES * width * Float.BYTES));
                for (var q = 0; q < count; q++) {
                    candidates.get(q).offer(scores, q * width, width, chunk * CHUNK);
                }
            }
            IntStream.range(0, count).parallel().forEach(q -> rank(found, exact, from + q, candidates.get(q)));
        });
        return found;
    }

    /// Puts the neighbors of a query in order.
    private void rank(Found found, Cosines queries, int query, Largest candidates) {
        var hidden = candidates.size() < rows
                && candidates.value(most - 1) - candidates.value(candidates.size() - 1) < 2 * error;
        var worth = hidden ? IntStream.range(0, rows) : IntStream.of(candidates.rows());
        record Near(int row, double cosine) {}
        var nearest = worth.mapToObj(row -> new Near(row, train.at(row, queries, query)))
                .sorted(Comparator.comparingDouble((Near near) -> -near.cosine())
                        .thenComparingInt(Near::row))
                .limit(most)
                .toList();
        found.rows()[query] = nearest.stream().mapToInt(Near::row).toArray();
        found.cosines()[query] = nearest.stream().mapToDouble(Near::cosine).toArray();
    }

    @Override
    public void close() {
        graphs.forEach(EngineGraph::close);
        chunks.forEach(EngineTensors::close);
    }
}
