package dev.lejepa.tools.stat;

import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import java.lang.foreign.MemorySegment;

/// Independent draws of `N(0, 1)`: what columns are under the null law.
record NormalColumns(Key key, int rows, int count) implements ColumnSource {
    @Override
    public void read(int first, int width, float[] out, int stride) {
        var column = new float[rows];
        for (var j = 0; j < width; j++) {
            Fill.normal(key.fold(first + j), 0, MemorySegment.ofArray(column), 0, 1);
            for (var i = 0; i < rows; i++) {
                out[i * stride + j] = column[i];
            }
        }
    }

    @Override
    public void backward(int first, int width, float[] gradient, int stride, NpyMatrixWriter out) {
        throw new UnsupportedOperationException("draws have no gradient");
    }
}
