package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// A block of a feature matrix copied into short arrays that start at index 0: the one form of a multiply-add loop that
/// the JIT compiles to full-width vector instructions (with offsets into one long array it stays scalar, eight times
/// slower). The copy pays off as soon as a few outputs share it. Not thread-safe: each worker has its own.
final class Panel {
    /// Length of the vectorised inner loop.
    static final int LENGTH = 256;
    /// Short arrays in a panel; with [#LENGTH] 32 KiB, about an L1 cache. A multiple of the unrolling below.
    static final int DEPTH = 32;

    private static final int UNROLL = 8;

    private final float[][] lanes = new float[DEPTH][LENGTH];
    private int depth;
    private int length;

    /// Holds columns as lanes: lane `p`, index `r` is `x[order[first + r], firstColumn + p]`.
    void loadColumns(Features x, int[] order, int first, int rows, int firstColumn, int columns) {
        begin(columns, rows);
        float[] values = x.values();
        for (int r = 0; r < rows; r++) {
            int from = order[first + r] * x.columns() + firstColumn;
            for (int p = 0; p < columns; p++) {
                lanes[p][r] = values[from + p];
            }
        }
    }

    /// Holds rows as lanes: lane `p`, index `j` is `x[order[first + p], firstColumn + j]`.
    void loadRows(Features x, int[] order, int first, int rows, int firstColumn, int columns) {
        begin(rows, columns);
        for (int p = 0; p < rows; p++) {
            System.arraycopy(x.values(), order[first + p] * x.columns() + firstColumn, lanes[p], 0, columns);
        }
    }

    /// Lanes past the loaded ones are zeroed up to the unrolling, so that the inner loop needs no remainder.
    private void begin(int newDepth, int newLength) {
        depth = (newDepth + UNROLL - 1) / UNROLL * UNROLL;
        length = newLength;
        for (int p = newDepth; p < depth; p++) {
            Arrays.fill(lanes[p], 0, length, 0f);
        }
    }

    /// Adds `sum over p of c[from + p] * lane[p]` to `out`. Up to seven coefficients past the loaded lanes may be read;
    /// they meet zeros.
    void addInto(float[] out, float[] c, int from) {
        int p = 0;
        for (; p + UNROLL <= depth && from + p + UNROLL <= c.length; p += UNROLL) {
            add8(out, p, c, from + p);
        }
        for (; p < depth && from + p < c.length; p++) {
            add1(out, lanes[p], c[from + p]);
        }
    }

    /// Locals for the lanes, so that the loop reads plain arrays.
    private void add8(float[] out, int p, float[] c, int i) {
        float[] x0 = lanes[p];
        float[] x1 = lanes[p + 1];
        float[] x2 = lanes[p + 2];
        float[] x3 = lanes[p + 3];
        float[] x4 = lanes[p + 4];
        float[] x5 = lanes[p + 5];
        float[] x6 = lanes[p + 6];
        float[] x7 = lanes[p + 7];
        float c0 = c[i];
        float c1 = c[i + 1];
        float c2 = c[i + 2];
        float c3 = c[i + 3];
        float c4 = c[i + 4];
        float c5 = c[i + 5];
        float c6 = c[i + 6];
        float c7 = c[i + 7];
        int n = length;
        for (int r = 0; r < n; r++) {
            float lower = c0 * x0[r] + c1 * x1[r] + c2 * x2[r] + c3 * x3[r];
            out[r] += lower + (c4 * x4[r] + c5 * x5[r] + c6 * x6[r] + c7 * x7[r]);
        }
    }

    private void add1(float[] out, float[] x, float c) {
        for (int r = 0; r < length; r++) {
            out[r] += c * x[r];
        }
    }
}
