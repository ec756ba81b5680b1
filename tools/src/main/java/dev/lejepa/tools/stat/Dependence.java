package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Spectrum;
import java.lang.foreign.MemorySegment;

/// How the columns of a sample hang together.
///
/// @param rows that were looked at
/// @param first of the two columns that correlate most
/// @param second of them
/// @param correlation of these two
/// @param pairs of columns
/// @param squares the sum of all squared correlations
/// @param rank effective rank of the centered rows
/// @param normalRank what it is for as many rows of `N(0, I)`
record Dependence(
        int rows,
        int first,
        int second,
        double correlation,
        double pairs,
        double squares,
        double rank,
        double normalRank) {
    private static final int MOST_ROWS = 4096;
    private static final int MOST_COLUMNS = 1024;

    static Dependence of(NpyMatrix all, Moments moments, long seed) {
        var matrix = all.sample(MOST_ROWS);
        var n = Math.toIntExact(matrix.rows());
        var d = Math.min(MOST_COLUMNS, matrix.columns());
        var values = new float[n * d];
        matrix.read(0, n, 0, d, values, d);
        var x = new Features(values, n, d);
        var draws = new float[n * d];
        Fill.normal(Key.of(seed, "stat rank"), 0, MemorySegment.ofArray(draws), 0, 1);
        var rank = Spectrum.of(x).centeredRank();
        var normal = Spectrum.of(new Features(draws, n, d)).centeredRank();
        return correlations(x, moments, rank, normal);
    }

    private static Dependence correlations(Features x, Moments moments, double rank, double normal) {
        var n = x.rows();
        var d = x.columns();
        var z = new double[d][n];
        for (var j = 0; j < d; j++) {
            var deviation = moments.deviation()[j];
            for (var i = 0; i < n; i++) {
                z[j][i] = deviation > 0 ? (x.at(i, j) - moments.mean()[j]) / deviation : 0;
            }
        }
        var first = 0;
        var second = 0;
        var largest = 0.0;
        var squares = 0.0;
        for (var a = 0; a < d; a++) {
            for (var b = 0; b < a; b++) {
                var r = product(z[a], z[b]) / n;
                squares += r * r;
                if (Math.abs(r) > Math.abs(largest)) {
                    first = b;
                    second = a;
                    largest = r;
                }
            }
        }
        return new Dependence(n, first, second, largest, d * (d - 1) / 2.0, squares, rank, normal);
    }

    /// The sum of all squared correlations as a standard score under independence.
    ///
    /// @param distinct the part of the rows that repeat no other
    double excess(double distinct) {
        return pairs > 0 ? (distinct * rows * squares - pairs) / Math.sqrt(2 * pairs) : 0;
    }

    private static double product(double[] a, double[] b) {
        var sum = 0.0;
        for (var i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
