package dev.lejepa.graphs.random;

import java.nio.charset.StandardCharsets;

/// The name of one stream of random numbers: 128 bits, derived from a seed, a purpose and counters.
///
/// Key schedule. `Philox(k, high, low)` is the block function; `lo` and `hi` below are the first and last 64 bits of
/// its output, each with the earlier word in its low half.
///
///     of(seed)      = (secret = seed, stream = 0)
///     fold(v)       = (lo, hi) of Philox(secret xor FOLD, stream, v)
///     fold(string)  = fold(number of UTF-8 bytes), then fold of each 8 bytes (little-endian, zero-padded)
///     block b       = Philox(secret, stream, b)
///
/// Folding and drawing use different Philox keys, so numbers drawn from a key are unrelated to the keys folded from it.
///
/// @param secret the key words of Philox
/// @param stream the upper half of its counter; the lower half counts blocks
public record Key(long secret, long stream) {
    /// Separates folding from drawing; any odd constant with mixed bits would do.
    private static final long FOLD = 0x2545F4914F6CDD1DL;

    /// The root of everything that a seed decides.
    public static Key of(long seed) {
        return new Key(seed, 0);
    }

    /// The key of one purpose and its counters, e.g. `of(seed, "views", epoch, image, view)`.
    ///
    /// @param purpose keeps the streams of different uses apart
    /// @param counters folded in order; their number is part of the purpose's meaning
    public static Key of(long seed, String purpose, long... counters) {
        Key key = of(seed).fold(purpose);
        for (long counter : counters) {
            key = key.fold(counter);
        }
        return key;
    }

    /// The key of number `value` below this one.
    public Key fold(long value) {
        int[] words = new int[Philox.WORDS];
        Philox.block(secret ^ FOLD, stream, value, words, 0);
        return new Key(pair(words[0], words[1]), pair(words[2], words[3]));
    }

    /// The key of a name below this one, such as a parameter's.
    public Key fold(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        Key key = fold(bytes.length);
        for (int at = 0; at < bytes.length; at += Long.BYTES) {
            long packed = 0;
            for (int i = at; i < Math.min(at + Long.BYTES, bytes.length); i++) {
                packed |= (bytes[i] & 0xFFL) << (Byte.SIZE * (i - at));
            }
            key = key.fold(packed);
        }
        return key;
    }

    /// A reader of this key's stream from its beginning.
    public Draws draws() {
        return new Draws(this);
    }

    /// Writes the words of block `number` to `out[at..at+3]`.
    void block(long number, int[] out, int at) {
        Philox.block(secret, stream, number, out, at);
    }

    private static long pair(int low, int high) {
        return (low & 0xFFFFFFFFL) | ((long) high << 32);
    }
}
