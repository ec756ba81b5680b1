package dev.lejepa.trainer.eval;

/// Rows cut into blocks that a graph of fixed size takes; the last one may be partly filled.
///
/// @param rows all of them
/// @param size rows of a block
record Blocks(int rows, int size) {
    private static final int MOST = 1024;

    /// Work on a block.
    @FunctionalInterface
    interface Work {
        /// @param from first row
        /// @param count rows of this block
        void on(int from, int count);
    }

    /// Blocks of a handy size.
    static Blocks of(int rows) {
        return new Blocks(rows, Math.clamp(rows, 1, MOST));
    }

    void each(Work work) {
        for (var from = 0; from < rows; from += size) {
            work.on(from, Math.min(size, rows - from));
        }
    }

    /// `0, 1, ...`.
    static int[] inOrder(int rows) {
        var order = new int[rows];
        for (var i = 0; i < rows; i++) {
            order[i] = i;
        }
        return order;
    }
}
