package dev.lejepa.runtime.host;

import java.util.Arrays;

/// Sorts keys made of a float and its place, by four digits of eight bits from the lowest up, or by three of eleven
/// where there are so many keys that a pass over them costs more than one over the counts. Equal floats keep their
/// order; NaNs come last, those with a sign first.
final class RadixSort {
    private static final int MANY = 1 << 13;
    private static final int SIGN = 1 << 31;

    private final int length;
    private final int bits;
    private final int mask;
    private final int[][] counts;
    private final long[] other;

    RadixSort(int length) {
        this.length = length;
        this.bits = length < MANY ? 8 : 11;
        this.mask = (1 << bits) - 1;
        this.counts = new int[length < MANY ? 4 : 3][1 << bits];
        this.other = new long[length];
    }

    /// Above the place the float's bits, changed so that they order as unsigned numbers do.
    static long key(float x, int place) {
        var bits = Float.floatToRawIntBits(x);
        var ordered = bits ^ (bits >> 31 | SIGN);
        return (long) ordered << 32 | place;
    }

    static float value(long key) {
        var ordered = (int) (key >>> 32);
        return Float.intBitsToFloat(ordered ^ (~ordered >> 31 | SIGN));
    }

    static int index(long key) {
        return (int) key;
    }

    /// Sorts the first keys in place, as many as the length says.
    void sort(long[] keys) {
        count(keys);
        var from = keys;
        var to = other;
        for (var pass = 0; pass < counts.length; pass++) {
            if (starts(counts[pass], length)) {
                scatter(from, to, length, counts[pass], 32 + pass * bits, mask);
                var swap = from;
                from = to;
                to = swap;
            }
        }
        if (from != keys) {
            System.arraycopy(from, 0, keys, 0, length);
        }
    }

    private void count(long[] keys) {
        for (var c : counts) {
            Arrays.fill(c, 0);
        }
        for (var pass = 0; pass < counts.length; pass++) {
            count(keys, length, counts[pass], 32 + pass * bits, mask);
        }
    }

    private static void count(long[] keys, int length, int[] counts, int shift, int mask) {
        for (var i = 0; i < length; i++) {
            counts[(int) (keys[i] >>> shift) & mask]++;
        }
    }

    /// Counts become places; false if all keys have the same digit.
    private static boolean starts(int[] count, int length) {
        var sum = 0;
        for (var d = 0; d < count.length; d++) {
            if (count[d] == length) {
                return false;
            }
            var here = count[d];
            count[d] = sum;
            sum += here;
        }
        return true;
    }

    private static void scatter(long[] from, long[] to, int length, int[] places, int shift, int mask) {
        for (var i = 0; i < length; i++) {
            var key = from[i];
            to[places[(int) (key >>> shift) & mask]++] = key;
        }
    }
}
