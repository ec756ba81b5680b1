package dev.lejepa.runtime.onednn;

/// Rows cut into pieces of one length, which one workspace fits. Threads have no part in it, so that no sum depends on
/// them.
record EqualPieces(long length, int count) {
    /// At least `atLeast` pieces, where there are as many rows.
    static EqualPieces of(long rows, int atLeast) {
        var length = Math.max(1, rows / atLeast);
        while (rows % length != 0) {
            length--;
        }
        return new EqualPieces(length, Math.toIntExact(rows / length));
    }
}
