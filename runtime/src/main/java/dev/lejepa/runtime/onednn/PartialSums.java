package dev.lejepa.runtime.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;

/// Sums of several vectors of floats that lie one after the other, always in the same order.
final class PartialSums {
    private static final int PIECE = 1 << 14;
    private static final int TILE = 1 << 10;

    private PartialSums() {}

    static void add(KernelCall call, long vectors, int count, long length, long sum) {
        var from = OneDnn.segment(vectors, count * length);
        var to = OneDnn.segment(sum, length);
        var pieces = Math.toIntExact(Math.ceilDiv(length, (long) PIECE));
        call.parallel(pieces, piece -> {
            var total = new float[TILE];
            var next = new float[TILE];
            var end = Math.min(length, (piece + 1L) * PIECE);
            for (var start = (long) piece * PIECE; start < end; start += TILE) {
                var n = (int) Math.min(TILE, end - start);
                load(from, start, total, n);
                for (var i = 1; i < count; i++) {
                    load(from, i * length + start, next, n);
                    add(total, next, n);
                }
                MemorySegment.copy(total, 0, to, JAVA_FLOAT, start * Float.BYTES, n);
            }
        });
    }

    private static void load(MemorySegment from, long at, float[] to, int n) {
        MemorySegment.copy(from, JAVA_FLOAT, at * Float.BYTES, to, 0, n);
    }

    private static void add(float[] total, float[] next, int n) {
        for (var i = 0; i < n; i++) {
            total[i] += next[i];
        }
    }
}
