package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrix;
import java.util.Arrays;

/// The first four moments of each column and the sixth, from two passes over a file, and how many of its rows repeat
/// others.
///
/// @param mean of each column
/// @param deviation standard deviation, population
/// @param skewness 0 where a column is constant
/// @param kurtosis 3 for a normal law, and where a column is constant
/// @param sixth standardized as the kurtosis, 15 for a normal law, and where a column is constant
/// @param repeated rows that equal one before
record Moments(double[] mean, double[] deviation, double[] skewness, double[] kurtosis, double[] sixth, long repeated) {
    private static final int BLOCK = 1 << 20;

    /// What is done with row after row.
    @FunctionalInterface
    private interface EachRow {
        void row(float[] values, int start);
    }

    static Moments of(NpyMatrix matrix) {
        var hashes = new long[Math.toIntExact(matrix.rows())];
        var mean = means(matrix, hashes);
        var sums = central(matrix, mean);
        return new Moments(
                mean,
                Arrays.stream(sums[0]).map(Math::sqrt).toArray(),
                standardized(sums[1], sums[0], 1.5, 0),
                standardized(sums[2], sums[0], 2, 3),
                standardized(sums[3], sums[0], 3, 15),
                repeated(hashes));
    }

    /// The mean of each column, and a hash of each row.
    private static double[] means(NpyMatrix matrix, long[] hashes) {
        var mean = new double[matrix.columns()];
        var at = new int[1];
        pass(matrix, (x, start) -> {
            var hash = 1L;
            for (var j = 0; j < mean.length; j++) {
                mean[j] += x[start + j] / (double) hashes.length;
                hash = (hash ^ Float.floatToIntBits(x[start + j])) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 29;
            }
            hashes[at[0]++] = hash;
        });
        return mean;
    }

    /// The second, third, fourth and sixth central moments of each column.
    private static double[][] central(NpyMatrix matrix, double[] mean) {
        var n = (double) matrix.rows();
        var sums = new double[4][mean.length];
        pass(matrix, (x, start) -> {
            for (var j = 0; j < mean.length; j++) {
                var c = x[start + j] - mean[j];
                var square = c * c;
                sums[0][j] += square / n;
                sums[1][j] += square * c / n;
                sums[2][j] += square * square / n;
                sums[3][j] += square * square * square / n;
            }
        });
        return sums;
    }

    private static double[] standardized(double[] moments, double[] variance, double power, double otherwise) {
        var all = new double[moments.length];
        Arrays.setAll(all, j -> variance[j] > 0 ? moments[j] / Math.pow(variance[j], power) : otherwise);
        return all;
    }

    private static void pass(NpyMatrix matrix, EachRow work) {
        var d = matrix.columns();
        var block = Math.max(1, BLOCK / d);
        var values = new float[block * d];
        for (var row = 0L; row < matrix.rows(); row += block) {
            var found = (int) Math.min(block, matrix.rows() - row);
            matrix.read(row, found, 0, d, values, d);
            for (var i = 0; i < found; i++) {
                work.row(values, i * d);
            }
        }
    }

    private static long repeated(long[] hashes) {
        Arrays.sort(hashes);
        var equal = 0L;
        for (var i = 1; i < hashes.length; i++) {
            equal += hashes[i] == hashes[i - 1] ? 1 : 0;
        }
        return equal;
    }
}
