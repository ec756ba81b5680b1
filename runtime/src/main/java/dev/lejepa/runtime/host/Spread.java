package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A float32 tensor as columns `[G, N, S]`: the elements from one group, row or column to the next, 0 where it has only
/// one of them.
record Spread(MemorySegment elements, long group, long row, long column) {
    /// Neighboring elements of a group: a part of one row, or whole rows.
    record Piece(int group, int row, int column, int height, int width) {}

    /// The shape that all are broadcast to.
    static long[] common(long[][] shapes) {
        var rank = Arrays.stream(shapes).mapToInt(d -> d.length).max().orElse(0);
        var all = new long[rank];
        Arrays.fill(all, 1);
        for (var dims : shapes) {
            for (var i = 0; i < dims.length; i++) {
                var axis = rank - dims.length + i;
                all[axis] = Math.max(all[axis], dims[i]);
            }
        }
        return all;
    }

    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    static Spread of(long address, long[] dims, long[] all) {
        var size = Arrays.stream(dims).reduce(1, Math::multiplyExact);
        var columns = fromEnd(dims, 1);
        var rows = fromEnd(dims, 2);
        var one = columns * rows;
        return new Spread(
                MemorySegment.ofAddress(address).reinterpret(size * Float.BYTES),
                size == one ? 0 : one,
                rows == 1 ? 0 : columns,
                columns == 1 && fromEnd(all, 1) > 1 ? 0 : 1);
    }

    private static long fromEnd(long[] dims, int axis) {
        return dims.length < axis ? 1 : dims[dims.length - axis];
    }

    /// Copies a piece, as whole columns would have it.
    void load(Piece piece, float[] to) {
        var at = piece.group() * group + piece.row() * row + piece.column() * column;
        var width = piece.width();
        if (column == 0 && row == 0) {
            Arrays.fill(to, 0, piece.height() * width, elements.getAtIndex(JAVA_FLOAT, at));
            return;
        }
        if (column == 1 && row != 0) {
            MemorySegment.copy(elements, JAVA_FLOAT, at * Float.BYTES, to, 0, piece.height() * width);
            return;
        }
        for (var r = 0; r < piece.height(); r++) {
            if (column == 0) {
                Arrays.fill(to, r * width, (r + 1) * width, elements.getAtIndex(JAVA_FLOAT, at + r * row));
            } else {
                MemorySegment.copy(elements, JAVA_FLOAT, at * Float.BYTES, to, r * width, width);
            }
        }
    }
}
