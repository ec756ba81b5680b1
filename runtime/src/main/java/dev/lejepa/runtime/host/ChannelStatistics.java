package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.KernelCall;

/// Means and variances of the channels of a matrix `[R, C]`. Pieces of rows sum up differences to their first row, so
/// that a mean far from 0 costs no digits, and are put together in double precision, in order (Chan, Golub and LeVeque
/// 1979).
final class ChannelStatistics {
    private final long rows;
    private final double[] mean;
    /// Sums of squared differences to the mean.
    private final double[] squares;

    private ChannelStatistics(long rows, double[] mean, double[] squares) {
        this.rows = rows;
        this.mean = mean;
        this.squares = squares;
    }

    static ChannelStatistics of(KernelCall call, RowPieces rows, DType type, long x) {
        var parts = new Part[rows.pieces()];
        rows.run(
                call,
                (piece, first, end) -> parts[piece] = Part.of(new Elements(type, x, rows.size()), rows, first, end));
        var c = rows.channels();
        var mean = new double[c];
        var squares = new double[c];
        var before = 0L;
        for (var part : parts) {
            merge(mean, squares, before, part);
            before += part.rows;
        }
        return new ChannelStatistics(rows.rows(), mean, squares);
    }

    private static void merge(double[] mean, double[] squares, long before, Part part) {
        var share = (double) part.rows / (before + part.rows);
        for (var i = 0; i < mean.length; i++) {
            var difference = part.first[i] + part.sum[i] / part.rows - mean[i];
            mean[i] += difference * share;
            squares[i] +=
                    part.square[i] - part.sum[i] * part.sum[i] / part.rows + difference * difference * before * share;
        }
    }

    double mean(int channel) {
        return mean[channel];
    }

    float[] means() {
        var rounded = new float[mean.length];
        for (var i = 0; i < rounded.length; i++) {
            rounded[i] = (float) mean[i];
        }
        return rounded;
    }

    /// With the number of rows in the denominator.
    double variance(int channel) {
        return Math.max(0, squares[channel]) / rows;
    }

    /// With one row less in the denominator.
    double unbiasedVariance(int channel) {
        return Math.max(0, squares[channel]) / (rows - 1);
    }

    /// Sums over some rows.
    ///
    /// @param first the row that others are compared with
    /// @param sum of differences to it
    /// @param square sum of their squares
    private record Part(long rows, float[] first, double[] sum, double[] square) {
        static Part of(Elements x, RowPieces all, long from, long end) {
            var c = all.channels();
            var part = new Part(end - from, new float[c], new double[c], new double[c]);
            x.load(from * c, part.first, 0, c);
            var first = all.tiled(part.first);
            var tile = new float[first.length];
            var sum = new float[first.length];
            var square = new float[first.length];
            for (var row = from; row < end; row += all.tileRows()) {
                var n = (int) Math.min(all.tileRows(), end - row) * c;
                x.load(row * c, tile, 0, n);
                add(tile, first, sum, square, n);
            }
            all.addTo(part.sum, sum);
            all.addTo(part.square, square);
            return part;
        }

        private static void add(float[] x, float[] first, float[] sum, float[] square, int n) {
            for (var i = 0; i < n; i++) {
                var d = x[i] - first[i];
                sum[i] += d;
                square[i] = Math.fma(d, d, square[i]);
            }
        }
    }
}
