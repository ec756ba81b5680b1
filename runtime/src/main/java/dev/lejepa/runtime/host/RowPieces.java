package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.function.Supplier;

/// A matrix of rows `[R, C]` cut into pieces by its size alone, so that no sum over rows depends on threads.
///
/// @param type of the elements
/// @param pieces that are computed on their own
record RowPieces(DType type, long rows, int channels, int pieces) {
    /// Elements of a piece, at least.
    private static final int LEAST = 1 << 15;

    /// Elements of a piece, at most: sums of more tiles would lose digits.
    private static final int MOST = 1 << 18;

    /// Pieces that many threads have enough of.
    private static final int ENOUGH = 32;

    /// Elements of a tile, at least one row: it stays in a core's first-level cache.
    private static final int TILE = 1 << 11;

    /// The last axis are channels.
    static RowPieces of(DType type, long[] dims) {
        var rows = 1L;
        for (var i = 0; i < dims.length - 1; i++) {
            rows *= dims[i];
        }
        var channels = Math.toIntExact(dims[dims.length - 1]);
        var size = rows * channels;
        var pieces = Math.max(size / MOST, Math.min(ENOUGH, size / LEAST));
        return new RowPieces(type, rows, channels, (int) Math.clamp(pieces, 1, rows));
    }

    int tileRows() {
        return Math.max(1, TILE / channels);
    }

    /// Elements of a tile that begins with `row`.
    int tileSize(long row, long end) {
        return (int) Math.min(tileRows(), end - row) * channels;
    }

    /// A tile of zeros.
    Lanes tile() {
        return Lanes.of(type, channels, tileRows());
    }

    /// A row of numbers repeated for each row of a tile.
    Lanes tiled(float[] row) {
        var tile = tile();
        tile.repeat(row);
        return tile;
    }

    /// A matrix of this shape, for one thread.
    Elements at(long address) {
        return new Elements(type, address, rows * channels);
    }

    /// Computes all pieces; each thread makes itself a worker for its share.
    void run(KernelCall call, Supplier<Worker> workers) {
        PerThread.run(call, pieces, () -> {
            var worker = workers.get();
            return piece -> compute(worker, piece);
        });
    }

    /// The same from the last piece to the first: what a pass over the rows read last is still in the caches.
    void runBack(KernelCall call, Supplier<Worker> workers) {
        PerThread.run(call, pieces, () -> {
            var worker = workers.get();
            return piece -> compute(worker, pieces - 1 - piece);
        });
    }

    private void compute(Worker worker, int piece) {
        worker.compute(piece, rows * piece / pieces, rows * (piece + 1) / pieces);
    }

    /// What computes one piece after the other.
    @FunctionalInterface
    interface Worker {
        void compute(int piece, long firstRow, long endRow);
    }
}
