package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.runtime.engine.Engine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The nearest training rows of rows, by the angle between them, and classification by their vote: each of the `k`
/// nearest votes for its class with weight `exp(cosine / temperature)`, as DINO's (Caron et al., arXiv:2104.14294). Of
/// equally near rows the earlier one counts as nearer, of classes with equal votes the smaller number wins. Products are
/// the engine's, in blocks; what is kept of them is `most` numbers a row.
public final class NearestNeighbors implements AutoCloseable {
    /// DINO's.
    public static final double TEMPERATURE = 0.07;

    /// Training rows that a block of rows is compared with at once.
    private static final int CHUNK = 4096;

    private static final int QUERIES = 256;

    private final int columns;
    private final int rows;
    private final int most;
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
        var scaled = unit(train);
        var order = Blocks.inOrder(rows);
        try {
            new Blocks(rows, Math.min(CHUNK, rows)).each((from, count) -> {
                var tensors = new EngineTensors(engine);
                chunks.add(tensors);
                graphs.add(new EngineGraph(cosines(count), tensors));
                tensors.putRows("train", scaled, order, from, count);
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            close(); // there may be no room for so many rows
            throw e;
        }
    }

    private Graph cosines(int count) {
        var g = new Graph("cosines");
        var queries = g.input("queries", Type.f32(QUERIES, columns));
        g.output("cosines", queries.gemm(g.input("train", Type.f32(count, columns)), false, true));
        return g;
    }

    /// The nearest training rows of some rows.
    ///
    /// @param rows `[queries][most]`, nearest first
    /// @param cosines of the angles to them
    public record Found(int[][] rows, float[][] cosines) {
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
        var scaled = unit(queries);
        var nearest = new int[queries.rows()][most];
        var nearness = new float[queries.rows()][most];
        for (var line : nearness) {
            Arrays.fill(line, Float.NEGATIVE_INFINITY);
        }
        var order = Blocks.inOrder(queries.rows());
        var scores = new float[QUERIES * Math.min(CHUNK, rows)];
        new Blocks(queries.rows(), QUERIES).each((from, count) -> {
            for (var chunk = 0; chunk < chunks.size(); chunk++) {
                var tensors = chunks.get(chunk);
                tensors.putRows("queries", scaled, order, from, count);
                graphs.get(chunk).run();
                var width = Math.min(CHUNK, rows - chunk * CHUNK);
                tensors.of("cosines")
                        .copyTo(MemorySegment.ofArray(scores).asSlice(0, (long) QUERIES * width * Float.BYTES));
                for (var q = 0; q < count; q++) {
                    keep(nearness[from + q], nearest[from + q], scores, q * width, width, chunk * CHUNK);
                }
            }
        });
        return new Found(nearest, nearness);
    }

    /// Keeps the largest, in falling order.
    private static void keep(float[] nearness, int[] nearest, float[] scores, int from, int width, int firstRow) {
        var last = nearness.length - 1;
        var least = nearness[last];
        for (var i = 0; i < width; i++) {
            var score = scores[from + i];
            if (score > least) {
                var at = last;
                for (; at > 0 && score > nearness[at - 1]; at--) {
                    nearness[at] = nearness[at - 1];
                    nearest[at] = nearest[at - 1];
                }
                nearness[at] = score;
                nearest[at] = firstRow + i;
                least = nearness[last];
            }
        }
    }

    /// Rows scaled to length 1. A row of zeros stays one.
    private static Features unit(Features x) {
        var scaled = x.values().clone();
        for (var row = 0; row < x.rows(); row++) {
            var squares = 0.0;
            for (var j = 0; j < x.columns(); j++) {
                squares += (double) x.at(row, j) * x.at(row, j);
            }
            var scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0f;
            for (var j = 0; j < x.columns(); j++) {
                scaled[row * x.columns() + j] *= scale;
            }
        }
        return new Features(scaled, x.rows(), x.columns());
    }

    @Override
    public void close() {
        graphs.forEach(EngineGraph::close);
        chunks.forEach(EngineTensors::close);
    }
}
