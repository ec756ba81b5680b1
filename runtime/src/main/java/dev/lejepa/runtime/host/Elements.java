package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.MemorySegment;

/// A tensor of float32 or bfloat16 that is read and written as float32, by one thread.
///
/// Bits are shifted as arrays of integers, which the compiler turns into vector code; they are numbers where such an
/// array is copied to one of floats.
final class Elements {
    private static final int CHUNK = 1 << 10;

    private final DType type;
    private final MemorySegment memory;
    private final short[] halves;
    private final int[] bits;
    private final MemorySegment bitsAsFloats;

    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    Elements(DType type, long address, long count) {
        this.type = type;
        this.memory = MemorySegment.ofAddress(address).reinterpret(count * type.bytes());
        var chunk = type == DType.FLOAT32 ? 0 : CHUNK;
        this.halves = new short[chunk];
        this.bits = new int[chunk];
        this.bitsAsFloats = MemorySegment.ofArray(bits);
    }

    /// Copies elements to an array.
    void load(long at, float[] to, int start, int n) {
        if (type == DType.FLOAT32) {
            MemorySegment.copy(memory, JAVA_FLOAT, at * Float.BYTES, to, start, n);
            return;
        }
        for (var done = 0; done < n; done += CHUNK) {
            var count = Math.min(CHUNK, n - done);
            MemorySegment.copy(memory, JAVA_SHORT, (at + done) * Short.BYTES, halves, 0, count);
            widen(halves, bits, count);
            MemorySegment.copy(bitsAsFloats, JAVA_FLOAT, 0, to, start + done, count);
        }
    }

    /// Copies numbers of an array to the tensor, rounded to the nearest, to even ones between two.
    void store(float[] from, int start, long at, int n) {
        if (type == DType.FLOAT32) {
            MemorySegment.copy(from, start, memory, JAVA_FLOAT, at * Float.BYTES, n);
            return;
        }
        for (var done = 0; done < n; done += CHUNK) {
            var count = Math.min(CHUNK, n - done);
            MemorySegment.copy(from, start + done, bitsAsFloats, JAVA_FLOAT, 0, count);
            round(bits, halves, count);
            MemorySegment.copy(halves, 0, memory, JAVA_SHORT, (at + done) * Short.BYTES, count);
        }
    }

    private static void widen(short[] halves, int[] bits, int n) {
        for (var i = 0; i < n; i++) {
            bits[i] = halves[i] << 16;
        }
    }

    /// The processor's NaN stays one: its low bits are 0.
    private static void round(int[] bits, short[] halves, int n) {
        for (var i = 0; i < n; i++) {
            halves[i] = (short) (bits[i] + 0x7fff + (bits[i] >>> 16 & 1) >>> 16);
        }
    }
}
