package dev.lejepa.tools.pictures;

import java.util.stream.IntStream;

/// How similar rows are, as t-SNE has it: each row gives the others shares of 1 by a normal law around it, as wide as
/// makes the shares' perplexity what is asked for; a pair has the mean of both shares over all rows.
final class Neighborhoods {
    private static final int BISECTIONS = 64;
    private static final double CLOSE = 1e-5;

    private Neighborhoods() {}

    /// @param coordinates `[count][rows]`
    /// @return `[rows][rows]`, symmetric, of sum 1
    static float[][] of(double[][] coordinates, double perplexity) {
        var rows = coordinates[0].length;
        var shares = new float[rows][];
        IntStream.range(0, rows)
                .parallel()
                .forEach(i -> shares[i] = shares(distances(coordinates, i), i, Math.log(perplexity)));
        var similar = new float[rows][rows];
        for (var i = 0; i < rows; i++) {
            for (var j = 0; j < rows; j++) {
                similar[i][j] = (shares[i][j] + shares[j][i]) / (2f * rows);
            }
        }
        return similar;
    }

    /// Squares of a row's distances to all.
    private static double[] distances(double[][] coordinates, int row) {
        var squares = new double[coordinates[0].length];
        for (var line : coordinates) {
            for (var j = 0; j < squares.length; j++) {
                var d = line[j] - line[row];
                squares[j] += d * d;
            }
        }
        return squares;
    }

    /// The shares that one row gives, at the precision of the normal law where their entropy is as asked for.
    private static float[] shares(double[] distances, int row, double entropy) {
        var nearest = IntStream.range(0, distances.length)
                .filter(j -> j != row)
                .mapToDouble(j -> distances[j])
                .min()
                .orElse(0);
        var precision = 1.0;
        var low = 0.0;
        var high = Double.POSITIVE_INFINITY;
        var shares = new float[distances.length];
        for (var i = 0; i < BISECTIONS; i++) {
            var excess = fill(shares, distances, row, nearest, precision) - entropy;
            if (Math.abs(excess) < CLOSE) {
                break;
            }
            if (excess > 0) {
                low = precision;
                precision = Double.isInfinite(high) ? precision * 2 : (precision + high) / 2;
            } else {
                high = precision;
                precision = (precision + low) / 2;
            }
        }
        return shares;
    }

    /// @param nearest taken off all distances, which changes no share and keeps the largest from vanishing
    /// @return the shares' entropy
    private static double fill(float[] shares, double[] distances, int row, double nearest, double precision) {
        var sum = 0.0;
        var weighted = 0.0;
        for (var j = 0; j < shares.length; j++) {
            var further = distances[j] - nearest;
            var weight = j == row ? 0 : Math.exp(-further * precision);
            shares[j] = (float) weight;
            sum += weight;
            weighted += weight * further;
        }
        for (var j = 0; j < shares.length; j++) {
            shares[j] /= (float) sum;
        }
        return Math.log(sum) + precision * weighted / sum;
    }
}
