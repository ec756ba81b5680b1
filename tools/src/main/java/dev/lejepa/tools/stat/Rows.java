package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrix;

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

    /// Those of an array with so many columns.
    static Rows of(float[] values, int columns) {
        return (first, count, out) ->
                System.arraycopy(values, Math.toIntExact(first * columns), out, 0, count * columns);
    }
}
