package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// Rounds some float32 numbers at a time to bfloat16, in their order: to the nearest, to even ones between two.
///
/// Two numbers are one `long` and their halves one `int`. The compiler turns that into vector code, which it does not
/// where integers become shorts: a number takes a tenth of the time.
public final class RoundedTile {
    private final long[] pairs;
    private final int[] halves;
    private final MemorySegment pairsAsFloats;
    private final MemorySegment halvesAsBytes;

    /// @param size the most numbers at a time
    public RoundedTile(int size) {
        this.pairs = new long[(size + 1) / 2];
        this.halves = new int[pairs.length];
        this.pairsAsFloats = MemorySegment.ofArray(pairs);
        this.halvesAsBytes = MemorySegment.ofArray(halves);
    }

    /// Writes the first numbers of an array, rounded, to a tensor of bfloat16 from an element on.
    public void store(float[] from, MemorySegment to, long at, int n) {
        MemorySegment.copy(from, 0, pairsAsFloats, JAVA_FLOAT, 0, n);
        round(pairs, halves, (n + 1) / 2);
        MemorySegment.copy(halvesAsBytes, 0, to, at * Short.BYTES, (long) n * Short.BYTES);
    }

    /// The processor's NaN stays one: its low bits are 0.
    private static void round(long[] pairs, int[] halves, int n) {
        for (var i = 0; i < n; i++) {
            var odd = pairs[i] >>> 16 & 0x1_0000_0001L;
            var sum = pairs[i] + 0x7fff_0000_7fffL + odd;
            halves[i] = (int) (sum >>> 16 & 0xffffL | sum >>> 32 & 0xffff_0000L);
        }
    }
}
