package dev.lejepa.runtime.host;

import dev.lejepa.runtime.kernel.KernelCall;

/// A matrix of rows `[R, C]` cut into pieces by its size alone, so that no sum over rows depends on threads.
///
/// @param pieces that are computed on their own
record RowPieces(long rows, int channels, int pieces) {
    /// Elements of a piece, at least.
    private static final int LEAST = 1 << 15;

    /// Elements of a piece, at most: sums of more tiles would lose digits.
    private static final int MOST = 1 << 18;

    /// Pieces that many threads have enough of.
    private static final int ENOUGH = 32;

    /// Elements of a tile, at least one row: it stays in a core's first-level cache.
    private static final int TILE = 1 << 11;

    /// The last axis are channels.
    static RowPieces of(long[] dims) {
        var rows = 1L;
        for (var i = 0; i < dims.length - 1; i++) {
            rows *= dims[i];
        }
        var channels = Math.toIntExact(dims[dims.length - 1]);
        var size = rows * channels;
        var pieces = Math.max(size / MOST, Math.min(ENOUGH, size / LEAST));
        return new RowPieces(rows, channels, (int) Math.clamp(pieces, 1, rows));
    }

    long size() {
        return rows * channels;
    }

    int tileRows() {
        return Math.max(1, TILE / channels);
    }

    /// A row of numbers repeated for each row of a tile, so that loops over tiles have one index for all.
    float[] tiled(float[] row) {
        var tile = new float[tileRows() * channels];
        for (var r = 0; r < tileRows(); r++) {
            System.arraycopy(row, 0, tile, r * channels, channels);
        }
        return tile;
    }

    /// Adds the rows of a tile to those of other sums.
    void addTo(double[] sums, float[] tile) {
        for (var r = 0; r < tileRows(); r++) {
            for (var i = 0; i < channels; i++) {
                sums[i] += tile[r * channels + i];
            }
        }
    }

    /// Runs `body` for all pieces.
    void run(KernelCall call, Body body) {
        call.parallel(pieces, piece -> body.piece(piece, rows * piece / pieces, rows * (piece + 1) / pieces));
    }

    @FunctionalInterface
    interface Body {
        void piece(int piece, long firstRow, long endRow);
    }
}
