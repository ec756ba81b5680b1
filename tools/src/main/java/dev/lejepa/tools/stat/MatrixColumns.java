package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.npy.NpyMatrixWriter;

/// The columns of a file.
record MatrixColumns(NpyMatrix matrix) implements ColumnSource {
    @Override
    public int rows() {
        return Math.toIntExact(matrix.rows());
    }

    @Override
    public int count() {
        return matrix.columns();
    }

    @Override
    public void read(int first, int width, float[] out, int stride) {
        matrix.read(0, rows(), first, width, out, stride);
    }

    @Override
    public void backward(int first, int width, float[] gradient, int stride, NpyMatrixWriter out) {
        for (var i = 0; i < rows(); i++) {
            for (var j = 0; j < width; j++) {
                out.add(i, first + j, gradient[i * stride + j]);
            }
        }
    }
}
