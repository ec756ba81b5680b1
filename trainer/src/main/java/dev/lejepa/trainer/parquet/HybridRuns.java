package dev.lejepa.trainer.parquet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Small numbers in runs: repeated ones, or groups of eight packed bit by bit. Parquet writes levels and places in a
/// dictionary like this.
///
/// See <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.
final class HybridRuns {
    private HybridRuns() {}

    /// Reads `count` numbers of `bits` bits.
    ///
    /// @throws IndexOutOfBoundsException if the bytes end before, or a run has no length
    static int[] read(MemorySegment in, int bits, int count) {
        int[] out = new int[count];
        long at = 0;
        for (int filled = 0; filled < count; ) {
            long head = 0;
            byte b;
            int shift = 0;
            do {
                b = in.get(ValueLayout.JAVA_BYTE, at++);
                head |= (b & 0x7FL) << shift;
                shift += 7;
            } while (b < 0 && shift < 35);
            long length = head >>> 1;
            if (length == 0) {
                throw new IndexOutOfBoundsException("a run of no length");
            }
            if ((head & 1) == 0) {
                int value = 0;
                for (int i = 0; i < (bits + 7) / 8; i++) {
                    value |= (in.get(ValueLayout.JAVA_BYTE, at++) & 0xFF) << 8 * i;
                }
                for (long end = Math.min(count, filled + length); filled < end; filled++) {
                    out[filled] = value;
                }
            } else {
                for (long i = 0, end = Math.min(8 * length, count - filled); i < end; i++) {
                    out[filled++] = packed(in, 8 * at + i * bits, bits);
                }
                at += length * bits;
            }
        }
        return out;
    }

    /// The number whose lowest bit is bit `from` of the bytes.
    private static int packed(MemorySegment in, long from, int bits) {
        int value = 0;
        for (int i = 0; i < bits; i++) {
            long bit = from + i;
            value |= (in.get(ValueLayout.JAVA_BYTE, bit >> 3) >> (int) (bit & 7) & 1) << i;
        }
        return value;
    }
}
