package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import java.lang.foreign.MemorySegment;

/// The rows of a sample, which are read in blocks.
@FunctionalInterface
interface Rows {
    /// Copies rows `first .. first + count - 1` to the beginning of an array, row-major.
    void read(long first, int count, float[] out);

    /// Those of a file.
    static Rows of(NpyMatrix matrix) {
        var d = matrix.columns();
        return (first, count, out) -> matrix.read(first, count, 0, d, out, d);
    }

    /// Draws of `N(0, I)` from a key, the same in whatever blocks they are read.
    static Rows normal(Key key, int columns) {
        return (first, count, out) -> {
            var block = MemorySegment.ofArray(out).asSlice(0, (long) count * columns * Float.BYTES);
            Fill.parallel(block, (offset, part) -> Fill.normal(key, first * columns + offset, part, 0, 1));
        };
    }
}
