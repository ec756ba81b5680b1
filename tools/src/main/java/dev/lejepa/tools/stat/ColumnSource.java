package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrixWriter;

/// Columns `[rows, count]` that are read in groups.
interface ColumnSource {
    int rows();

    int count();

    /// Copies columns `first .. first + width - 1` so that element `(i, j)` is `out[i * stride + j]`.
    void read(int first, int width, float[] out, int stride);

    /// Adds to a gradient with respect to the embeddings what one with respect to a group of columns comes to.
    ///
    /// @param gradient laid out as in [#read]
    void backward(int first, int width, float[] gradient, int stride, NpyMatrixWriter out);
}
