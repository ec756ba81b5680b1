package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.MemorySegment;

/// A tensor of float32 or bfloat16 that is read and written as float32, by one thread.
///
/// Bits are shifted as arrays of integers, which the compiler turns into vector code; they are numbers where such an
/// array is copied to one of floats. It does so for words of 32 bits and for memory that is read as such, for shorts it
/// does not, nor where a loop reads numbers from memory.
final class Elements {
    /// Words of a step: what they become stays in a core's first-level cache beside a tile.
    private static final int CHUNK = 1 << 9;

    private final DType type;
    private final MemorySegment memory;
    private final int[] evens;
    private final int[] odds;
    private final MemorySegment evenFloats;
    private final MemorySegment oddFloats;

    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    Elements(DType type, long address, long count) {
        this.type = type;
        this.memory = MemorySegment.ofAddress(address).reinterpret(count * type.bytes());
        var chunk = type == DType.FLOAT32 ? 0 : CHUNK;
        this.evens = new int[chunk];
        this.odds = new int[chunk];
        this.evenFloats = MemorySegment.ofArray(evens);
        this.oddFloats = MemorySegment.ofArray(odds);
    }

    /// Copies the `n` elements from `at` to a tile.
    void load(long at, Lanes to, int n) {
        load(at, to.lane(0), to.lane(to.count() - 1), 0, n);
    }

    /// Copies elements to the beginning of an array: those of float32 in order, of bfloat16 first the ones at even
    /// places.
    void load(long at, float[] to, int n) {
        load(at, to, to, (n + 1) / 2, n);
    }

    /// The element that such an array of `n` has at a place.
    int element(int place, int n) {
        if (type == DType.FLOAT32) {
            return place;
        }
        var firstOdd = (n + 1) / 2;
        return place < firstOdd ? 2 * place : 2 * (place - firstOdd) + 1;
    }

    private void load(long at, float[] to, float[] toOdds, int firstOdd, int n) {
        if (type == DType.FLOAT32) {
            MemorySegment.copy(memory, JAVA_FLOAT, at * Float.BYTES, to, 0, n);
            return;
        }
        var words = n / 2;
        for (var done = 0; done < words; done += CHUNK) {
            var count = Math.min(CHUNK, words - done);
            split(memory, (at + 2L * done) * Short.BYTES, evens, odds, count);
            MemorySegment.copy(evenFloats, JAVA_FLOAT, 0, to, done, count);
            MemorySegment.copy(oddFloats, JAVA_FLOAT, 0, toOdds, firstOdd + done, count);
        }
        if (n % 2 != 0) {
            to[words] = Float.intBitsToFloat(memory.getAtIndex(JAVA_SHORT, at + n - 1) << 16);
        }
    }

    /// Copies the first `n` numbers of a tile to the tensor, rounded to the nearest, to even ones between two.
    void store(Lanes from, long at, int n) {
        if (type == DType.FLOAT32) {
            MemorySegment.copy(from.lane(0), 0, memory, JAVA_FLOAT, at * Float.BYTES, n);
            return;
        }
        var words = n / 2;
        for (var done = 0; done < words; done += CHUNK) {
            var count = Math.min(CHUNK, words - done);
            MemorySegment.copy(from.lane(0), done, evenFloats, JAVA_FLOAT, 0, count);
            MemorySegment.copy(from.lane(1), done, oddFloats, JAVA_FLOAT, 0, count);
            join(evens, odds, memory, (at + 2L * done) * Short.BYTES, count);
        }
        if (n % 2 != 0) {
            var last = rounded(Float.floatToRawIntBits(from.lane(0)[words]));
            memory.setAtIndex(JAVA_SHORT, at + n - 1, (short) (last >>> 16));
        }
    }

    private static void split(MemorySegment memory, long at, int[] evens, int[] odds, int words) {
        for (var i = 0; i < words; i++) {
            var word = memory.get(JAVA_INT_UNALIGNED, at + (long) Integer.BYTES * i);
            evens[i] = word << 16;
            odds[i] = word & 0xffff0000;
        }
    }

    private static void join(int[] evens, int[] odds, MemorySegment memory, long at, int words) {
        for (var i = 0; i < words; i++) {
            var word = rounded(evens[i]) >>> 16 | rounded(odds[i]) & 0xffff0000;
            memory.set(JAVA_INT_UNALIGNED, at + (long) Integer.BYTES * i, word);
        }
    }

    /// Bits of a number whose upper half is the nearest bfloat16. The processor's NaN stays one: its low bits are 0.
    private static int rounded(int bits) {
        return bits + 0x7fff + (bits >>> 16 & 1);
    }
}
