package dev.lejepa.runtime.onednn;

/// Rows cut into pieces of nearly equal length.
record Pieces(long rows, int count) {
    static Pieces of(long rows, long atLeast, int atMost) {
        return new Pieces(rows, Math.clamp(rows / atLeast, 1, atMost));
    }

    long start(int piece) {
        return rows * piece / count;
    }

    long length(int piece) {
        return start(piece + 1) - start(piece);
    }
}
