package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import java.util.Arrays;

/// A tile of elements as arrays of floats that vector loops run over, its lanes: of float32 one with all elements, in
/// order; of bfloat16 two, one with the elements at even places of the tile and one with those at odd places.
///
/// Memory is read in words of 32 bits. Two bfloat16 lie in one, and shifts of words, which are vector code, take them
/// apart and put them together ([Elements]). Numbers that are not read from memory lie the same way, so that loops have
/// one index for all.
///
/// @param channels elements of a row; the tile begins with a row
record Lanes(int channels, float[][] arrays) {
    /// Zeros.
    static Lanes of(DType type, int channels, int rows) {
        var size = rows * channels;
        return new Lanes(
                channels,
                type == DType.FLOAT32
                        ? new float[][] {new float[size]}
                        : new float[][] {new float[(size + 1) / 2], new float[size / 2]});
    }

    int count() {
        return arrays.length;
    }

    float[] lane(int lane) {
        return arrays[lane];
    }

    /// Elements of a lane among the first `n` of the tile.
    int length(int lane, int n) {
        return (n - lane + count() - 1) / count();
    }

    void clear() {
        for (var lane : arrays) {
            Arrays.fill(lane, 0);
        }
    }

    /// The tile's first row in order.
    float[] firstRow() {
        var row = new float[channels];
        for (var i = 0; i < channels; i++) {
            row[i] = arrays[i % count()][i / count()];
        }
        return row;
    }

    /// Writes a row of numbers in place of each row of the tile.
    void repeat(float[] row) {
        for (var lane = 0; lane < count(); lane++) {
            var to = arrays[lane];
            var period = Math.min(channels, to.length);
            for (int i = 0, channel = lane % channels; i < period; i++, channel = next(channel)) {
                to[i] = row[channel];
            }
            for (var at = period; at < to.length; at += period) {
                System.arraycopy(to, 0, to, at, Math.min(period, to.length - at));
            }
        }
    }

    /// Adds the tile's rows to a row of sums.
    void addTo(double[] sums) {
        for (var lane = 0; lane < count(); lane++) {
            var from = arrays[lane];
            var period = Math.min(channels, from.length);
            var total = new double[period];
            for (var at = 0; at < from.length; at += period) {
                add(from, at, total, Math.min(period, from.length - at));
            }
            for (int i = 0, channel = lane % channels; i < period; i++, channel = next(channel)) {
                sums[channel] += total[i];
            }
        }
    }

    /// The channel of a lane's next element. It is where it was after as many elements of a lane as a row has.
    private int next(int channel) {
        var next = channel + count();
        while (next >= channels) {
            next -= channels;
        }
        return next;
    }

    private static void add(float[] from, int at, double[] total, int n) {
        for (var i = 0; i < n; i++) {
            total[i] += from[at + i];
        }
    }
}
