package dev.lejepa.trainer.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The upper triangular `R` of `A = Q R` for a matrix of many rows, by Householder reflections that take in some rows
/// at a time (Golub and Van Loan, *Matrix Computations*, sections 5.2 and 12.5). `R` has the singular values of `A` to
/// a rounding error of the largest one; those of `A^T A` lose what is below 1e-8 of it. `2 m n^2` operations.
final class TriangularFactor {
    /// Rows that are taken in together: they and what is computed of them stay in the processor's cache.
    private static final int BLOCK = 32;

    /// Parts that are factored side by side, a number that the result depends on, so it is not one of threads.
    private static final int PARTS = 8;

    private static final int LEAST_ROWS_OF_PART = 1024;

    private final double[][] r;

    /// The rows of a matrix.
    @FunctionalInterface
    interface Rows {
        /// Writes row `row` to `to`.
        void read(int row, double[] to);
    }

    private TriangularFactor(int columns, double diagonal) {
        r = new double[columns][columns];
        for (int k = 0; k < columns; k++) {
            r[k][k] = diagonal;
        }
    }

    /// The factor of `[diagonal * I; A]`.
    ///
    /// @param diagonal 0 for that of `A` alone
    /// @return `[columns, columns]`, zeros below the diagonal; the diagonal's signs are open
    static double[][] of(int rows, int columns, double diagonal, Rows a) {
        int parts = Math.clamp(rows / LEAST_ROWS_OF_PART, 1, PARTS);
        List<TriangularFactor> factors = IntStream.range(0, parts)
                .parallel()
                .mapToObj(part -> {
                    int first = (int) ((long) rows * part / parts);
                    int last = (int) ((long) rows * (part + 1) / parts);
                    TriangularFactor factor = new TriangularFactor(columns, part == 0 ? diagonal : 0);
                    factor.addAll(first, last, a);
                    return factor;
                })
                .toList();
        TriangularFactor all = factors.getFirst();
        for (TriangularFactor other : factors.subList(1, parts)) {
            all.addAll(0, columns, (row, to) -> System.arraycopy(other.r[row], 0, to, 0, columns));
        }
        return all.r;
    }

    private void addAll(int first, int last, Rows a) {
        double[][] block = new double[BLOCK][r.length];
        for (int row = first; row < last; row += BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                if (row + i < last) {
                    a.read(row + i, block[i]);
                } else {
                    Arrays.fill(block[i], 0);
                }
            }
            add(block);
        }
    }

    /// Column after column, reflects what is below the diagonal to zero.
    private void add(double[][] block) {
        double[] w = new double[r.length];
        for (int k = 0; k < r.length; k++) {
            double below = 0;
            for (double[] row : block) {
                below += row[k] * row[k];
            }
            if (below < Double.MIN_NORMAL) {
                continue; // nothing, or what rounding errors left of rows that depend on those above
            }
            double[] top = r[k];
            double length = -Math.copySign(Math.sqrt(top[k] * top[k] + below), top[k]);
            double head = top[k] - length;
            double scale = 2 / (head * head + below);
            top[k] = length;
            products(w, k, head, top, block);
            for (int j = k + 1; j < w.length; j++) {
                w[j] *= scale;
                top[j] -= head * w[j];
            }
            for (double[] row : block) {
                double v = row[k];
                for (int j = k + 1; j < w.length; j++) {
                    row[j] -= v * w[j];
                }
            }
        }
    }

    /// The reflection's vector, `head` and column `k` of the block, times the columns behind it.
    private static void products(double[] w, int k, double head, double[] top, double[][] block) {
        for (int j = k + 1; j < w.length; j++) {
            w[j] = head * top[j];
        }
        for (int i = 0; i < BLOCK; i += 4) {
            double[] a = block[i];
            double[] b = block[i + 1];
            double[] c = block[i + 2];
            double[] d = block[i + 3];
            double va = a[k];
            double vb = b[k];
            double vc = c[k];
            double vd = d[k];
            for (int j = k + 1; j < w.length; j++) {
                w[j] += va * a[j] + vb * b[j] + vc * c[j] + vd * d[j];
            }
        }
    }
}
