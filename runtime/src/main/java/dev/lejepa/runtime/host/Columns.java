package dev.lejepa.runtime.host;

import java.lang.foreign.MemorySegment;

/// Columns `[..., N, S]` cut into tiles of neighbours: a row of a tile is one line of the cache.
///
/// @param groups product of the leading dimensions
/// @param rows `N`
/// @param columns `S`
record Columns(long groups, int rows, int columns) {
    static final int WIDTH = 16;

    static Columns of(long[] dims) {
        var groups = 1L;
        for (var i = 0; i < dims.length - 2; i++) {
            groups *= dims[i];
        }
        return new Columns(groups, Math.toIntExact(dims[dims.length - 2]), Math.toIntExact(dims[dims.length - 1]));
    }

    /// Columns of a tile.
    ///
    /// @param start element that the first column begins with
    record Tile(long start, int width) {}

    /// Elements by which a column's own memory is longer than the column, so that those of a tile, one after the other,
    /// do not all begin in the same lines of the first-level cache.
    static final int STAGGER = 72;

    /// Rows of a tile that are copied to arrays or from them at a time, in a core's first-level cache.
    static final int STRIP = 64;

    /// Element of a row of a tile.
    long at(Tile tile, int row) {
        return tile.start() + (long) row * columns;
    }

    int tiles() {
        return Math.toIntExact(groups * tilesOfGroup());
    }

    Tile tile(int number) {
        var group = number / tilesOfGroup();
        var first = number % tilesOfGroup() * WIDTH;
        return new Tile((long) group * rows * columns + first, Math.min(WIDTH, columns - first));
    }

    /// Columns of the widest tile.
    int widest() {
        return Math.min(WIDTH, columns);
    }

    private int tilesOfGroup() {
        return (columns + WIDTH - 1) / WIDTH;
    }

    /// All elements of a tensor that the engine owns.
    ///
    /// @param bytes of an element
    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    MemorySegment elements(long address, int bytes) {
        return MemorySegment.ofAddress(address).reinterpret(groups * rows * columns * bytes);
    }
}
