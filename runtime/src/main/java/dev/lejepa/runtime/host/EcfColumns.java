package dev.lejepa.runtime.host;

import java.lang.foreign.MemorySegment;

/// Columns `[..., N, S]` cut into stripes of neighbours, for characteristic functions.
///
/// @param groups product of the leading dimensions
/// @param rows `N`
/// @param columns `S`
record EcfColumns(int groups, int rows, int columns) {
    static EcfColumns of(long[] dims) {
        var groups = 1L;
        for (var i = 0; i < dims.length - 2; i++) {
            groups *= dims[i];
        }
        return new EcfColumns(
                Math.toIntExact(groups),
                Math.toIntExact(dims[dims.length - 2]),
                Math.toIntExact(dims[dims.length - 1]));
    }

    int stripesOfGroup() {
        return (columns + EcfTile.WIDTH - 1) / EcfTile.WIDTH;
    }

    int stripes() {
        return groups * stripesOfGroup();
    }

    int firstColumn(int stripe) {
        return stripe % stripesOfGroup() * EcfTile.WIDTH;
    }

    int width(int stripe) {
        return Math.min(EcfTile.WIDTH, columns - firstColumn(stripe));
    }

    /// Where a stripe begins in a tensor `[..., length, S]`.
    long start(int stripe, long length) {
        return (long) (stripe / stripesOfGroup()) * length * columns + firstColumn(stripe);
    }

    /// A tensor `[..., length, S]` that the engine owns.
    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    MemorySegment floats(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(groups * length * columns * Float.BYTES);
    }
}
