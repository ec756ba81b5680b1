package dev.lejepa.graphs.random;

import dev.lejepa.graphs.normal.NormalQuantile;
/// Reads the stream of one key in order. For the handful of draws that decide one view, one shuffle, one shape; whole
/// tensors are written by [Fill]. Not for use by two threads at once: give each its own key.

public final class Draws {
    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private final Key key;
    private final int[] words = new int[Philox.WORDS];
    private long nextBlock;
    private int used = Philox.WORDS;

    Draws(Key key) {
        this.key = key;
    }

    /// 32 random bits.
    public int word() {
        if (used == Philox.WORDS) {
            key.block(nextBlock++, words, 0);
            used = 0;
        }
        return words[used++];
    }

    /// 64 random bits: two words, the first one in the low half.
    public long longWord() {
        long low = word() & 0xFFFFFFFFL;
        return low | ((long) word() << 32);
    }

    /// Uniform in `[0, 1)`, a multiple of 2^-53.
    public double uniform() {
        return (longWord() >>> 11) * TWO_TO_MINUS_53;
    }

    /// Uniform in `[low, high)`; `low` itself where both are equal.
    public double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /// Uniform in `[0, 1)`, a multiple of 2^-24.
    public float uniformFloat() {
        return (word() >>> 8) * 0x1p-24f;
    }

    /// True with probability `p`: never at 0, always at 1.
    public boolean bernoulli(double p) {
        return uniform() < p;
    }

    /// Standard normal.
    public double normal() {
        return NormalQuantile.quantile((longWord() >>> 11) * TWO_TO_MINUS_53 + 0x1p-54);
    }

    /// A whole number in `[0, bound)`, each equally likely.
    ///
    /// Lemire, *Fast random integer generation in an interval* (2019): the high half of word x bound, redrawn in the few
    /// cases that would favor some numbers.
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound above 0 is needed, not " + bound);
        }
        long product = (word() & 0xFFFFFFFFL) * bound;
        if ((product & 0xFFFFFFFFL) < bound) {
            long unfair = (1L << 32) % bound;
            while ((product & 0xFFFFFFFFL) < unfair) {
                product = (word() & 0xFFFFFFFFL) * bound;
            }
        }
        return (int) (product >>> 32);
    }
}
