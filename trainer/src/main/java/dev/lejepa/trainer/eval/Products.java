package dev.lejepa.trainer.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The two matrix products that linear probes are made of, on blocks that one worker handles alone.
final class Products {
    /// Rows whose single-precision sum is moved to double precision at once.
    private static final int EXACT_ROWS = 1024;

    private Products() {}

    /// The order 0, 1, 2, ...: all rows as they stand.
    static int[] inOrder(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    /// Blocks of `size` needed for `count` things.
    static int blocks(int count, int size) {
        return (count + size - 1) / size;
    }

    /// Scores of a block of rows:
    /// `out[m][r] = sum over j of w[(firstOutput + m) * columns + j] * x[order[first + r], j]`.
    ///
    /// @param w weights `[outputs, columns]`, row after row
    /// @param out one array per output, each at least [Panel#LENGTH] long; overwritten
    static void scores(
            Features x,
            int[] order,
            int first,
            int rows,
            float[] w,
            int firstOutput,
            int outputs,
            Panel panel,
            float[][] out) {
        for (int m = 0; m < outputs; m++) {
            Arrays.fill(out[m], 0, rows, 0f);
        }
        int columns = x.columns();
        for (int j = 0; j < columns; j += Panel.DEPTH) {
            panel.loadColumns(x, order, first, rows, j, Math.min(Panel.DEPTH, columns - j));
            for (int m = 0; m < outputs; m++) {
                panel.addInto(out[m], w, (firstOutput + m) * columns + j);
            }
        }
    }

    /// Weighted sums of rows over a tile of columns:
    /// `sums[m][j] += sum over r of p[m][r] * x[order[r], firstColumn + j]`.
    ///
    /// @param p one array per output with one weight per row
    /// @param tile scratch, one array of [Panel#LENGTH] per output
    static void weightedSums(
            Features x,
            int[] order,
            int rows,
            float[][] p,
            int firstColumn,
            int columns,
            Panel panel,
            float[][] tile,
            double[][] sums) {
        for (int from = 0; from < rows; from += EXACT_ROWS) {
            int to = Math.min(rows, from + EXACT_ROWS);
            for (float[] line : tile) {
                Arrays.fill(line, 0, columns, 0f);
            }
            for (int r = from; r < to; r += Panel.DEPTH) {
                panel.loadRows(x, order, r, Math.min(Panel.DEPTH, to - r), firstColumn, columns);
                for (int m = 0; m < tile.length; m++) {
                    panel.addInto(tile[m], p[m], r);
                }
            }
            for (int m = 0; m < tile.length; m++) {
                for (int j = 0; j < columns; j++) {
                    sums[m][j] += tile[m][j];
                }
            }
        }
    }
}
