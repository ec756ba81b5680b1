package dev.lejepa.graphs.random;

/// Philox4x32-10: a keyed bijection of 128-bit counters whose outputs pass every known test of randomness.
///
/// Salmon, Moraes, Dror, Shaw, *Parallel random numbers: as easy as 1, 2, 3* (SC 2011). A counter of four 32-bit words
/// goes through ten rounds; each multiplies two of the words by odd constants, and exchanges and mixes the halves of
/// the products with the key, which advances by a Weyl sequence.
final class Philox {
    /// Words of a block.
    static final int WORDS = 4;

    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private Philox() {}

    /// Writes the four words of one block to `out[at..at+3]`.
    ///
    /// @param key the two key words, the first one in the low half
    /// @param high counter words 2 and 3, the first one in the low half
    /// @param low counter words 0 and 1, the first one in the low half
    static void block(long key, long high, long low, int[] out, int at) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = MULTIPLIER_0 * (c0 & LOW);
            long p1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[at] = c0;
        out[at + 1] = c1;
        out[at + 2] = c2;
        out[at + 3] = c3;
    }
}
