package dev.lejepa.runtime.host;

import java.util.Arrays;

/// Sorts keys made of a float and its place, by four digits of eight bits from the lowest up. Equal floats keep their
/// order; NaNs come last, those with a sign first.
final class RadixSort {
    private static final int BITS = 8;
    private static final int DIGITS = 1 << BITS;
    private static final int MASK = DIGITS - 1;
    private static final int PASSES = 4;
    private static final int SIGN = 1 << 31;

    private final int[][] counts = new int[PASSES][DIGITS];
    private final long[] other;

    private final int length;

    RadixSort(int length) {
        this.length = length;
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
        for (var pass = 0; pass < PASSES; pass++) {
            if (starts(counts[pass], length)) {
                scatter(from, to, length, counts[pass], 32 + pass * BITS);
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
        for (var i = 0; i < length; i++) {
            var ordered = (int) (keys[i] >>> 32);
            counts[0][ordered & MASK]++;
            counts[1][ordered >>> BITS & MASK]++;
            counts[2][ordered >>> 2 * BITS & MASK]++;
            counts[3][ordered >>> 3 * BITS]++;
        }
    }

    /// Counts become places; false if all keys have the same digit.
    private static boolean starts(int[] count, int length) {
        var sum = 0;
        for (var d = 0; d < DIGITS; d++) {
            if (count[d] == length) {
                return false;
            }
            var here = count[d];
            count[d] = sum;
            sum += here;
        }
        return true;
    }

    private static void scatter(long[] from, long[] to, int length, int[] places, int shift) {
        for (var i = 0; i < length; i++) {
            var key = from[i];
            to[places[(int) (key >>> shift) & MASK]++] = key;
        }
    }
}
