package dev.lejepa.runtime.host;

import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Peers;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

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

    static ChannelStatistics of(KernelCall call, RowPieces rows, long x) {
        var parts = new Part[rows.pieces()];
        rows.run(call, () -> new Sums(rows, rows.at(x), parts));
        return merged(Stream.of(parts).map(Part::statistics));
    }

    /// Those of the matrices of all processes, all of one size.
    ChannelStatistics over(Peers peers) {
        var mine = DoubleStream.concat(DoubleStream.of(mean), DoubleStream.of(squares))
                .toArray();
        return merged(peers.gather(mine).stream()
                .map(both -> new ChannelStatistics(
                        rows, Arrays.copyOf(both, mean.length), Arrays.copyOfRange(both, mean.length, both.length))));
    }

    /// Those of neighbors, in their order.
    private static ChannelStatistics merged(Stream<ChannelStatistics> parts) {
        return parts.reduce(ChannelStatistics::and).orElseThrow();
    }

    private ChannelStatistics and(ChannelStatistics next) {
        var share = (double) next.rows / (rows + next.rows);
        var both = new ChannelStatistics(rows + next.rows, mean.clone(), squares.clone());
        for (var i = 0; i < mean.length; i++) {
            var difference = next.mean[i] - mean[i];
            both.mean[i] += difference * share;
            both.squares[i] += next.squares[i] + difference * difference * rows * share;
        }
        return both;
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
        ChannelStatistics statistics() {
            var whole = new ChannelStatistics(rows, new double[sum.length], new double[sum.length]);
            for (var i = 0; i < sum.length; i++) {
                whole.mean[i] = first[i] + sum[i] / rows;
                whole.squares[i] = square[i] - sum[i] * sum[i] / rows;
            }
            return whole;
        }
    }

    /// Computes parts, in one thread.
    private static final class Sums implements RowPieces.Worker {
        private final RowPieces rows;
        private final Elements x;
        private final Part[] parts;
        private final Lanes tile;
        private final Lanes first;
        private final Lanes sum;
        private final Lanes square;

        Sums(RowPieces rows, Elements x, Part[] parts) {
            this.rows = rows;
            this.x = x;
            this.parts = parts;
            this.tile = rows.tile();
            this.first = rows.tile();
            this.sum = rows.tile();
            this.square = rows.tile();
        }

        @Override
        public void compute(int piece, long from, long end) {
            var c = rows.channels();
            x.load(from * c, tile, c);
            var part = new Part(end - from, tile.firstRow(), new double[c], new double[c]);
            first.repeat(part.first);
            sum.clear();
            square.clear();
            for (var row = from; row < end; row += rows.tileRows()) {
                var n = rows.tileSize(row, end);
                x.load(row * c, tile, n);
                for (var l = 0; l < tile.count(); l++) {
                    add(tile.lane(l), first.lane(l), sum.lane(l), square.lane(l), tile.length(l, n));
                }
            }
            sum.addTo(part.sum);
            square.addTo(part.square);
            parts[piece] = part;
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
