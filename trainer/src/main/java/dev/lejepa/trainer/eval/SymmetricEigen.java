package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// Eigenvalues of a symmetric matrix: Householder reduction to tridiagonal form, then QL with implicit shifts.
/// Golub and Van Loan, *Matrix Computations*, sections 8.3.1 and 8.3.3. `4/3 n^3` operations, a tenth of a second for
/// n = 512.
final class SymmetricEigen {
    private static final int MAX_SWEEPS = 60;

    private SymmetricEigen() {}

    /// @param a symmetric; overwritten
    /// @return the eigenvalues, largest first
    static double[] values(double[][] a) {
        int n = a.length;
        double[] diagonal = new double[n];
        double[] below = new double[n];
        tridiagonalize(a, diagonal, below);
        double negligible = negligible(diagonal, below);
        for (int l = 0; l < n; l++) {
            deflate(diagonal, below, l, negligible);
        }
        Arrays.sort(diagonal);
        for (int i = 0; i < n / 2; i++) {
            double kept = diagonal[i];
            diagonal[i] = diagonal[n - 1 - i];
            diagonal[n - 1 - i] = kept;
        }
        return diagonal;
    }

    /// @param below `below[k]` becomes the entry at (k + 1, k); the last one is 0
    private static void tridiagonalize(double[][] a, double[] diagonal, double[] below) {
        int n = a.length;
        for (int k = 0; k < n; k++) {
            diagonal[k] = a[k][k];
            if (k + 2 >= n) {
                below[k] = k + 1 < n ? a[k][k + 1] : 0;
                continue;
            }
            double tail = 0;
            for (int j = k + 2; j < n; j++) {
                tail += a[k][j] * a[k][j];
            }
            below[k] = a[k][k + 1];
            if (tail > 0) {
                below[k] = -Math.copySign(Math.sqrt(tail + below[k] * below[k]), below[k]);
                reflect(a, k, below[k]);
            }
        }
    }

    /// Applies the reflection that maps row k's tail to (alpha, 0, ..., 0) to the trailing block, from both sides.
    private static void reflect(double[][] a, int k, double alpha) {
        int n = a.length;
        double[] v = new double[n];
        System.arraycopy(a[k], k + 1, v, k + 1, n - k - 1);
        v[k + 1] -= alpha;
        double squares = 0;
        for (int j = k + 1; j < n; j++) {
            squares += v[j] * v[j];
        }
        double beta = 2 / squares;
        double[] w = new double[n];
        for (int i = k + 1; i < n; i++) {
            add(w, a[i], beta * v[i], k + 1);
        }
        double product = 0;
        for (int j = k + 1; j < n; j++) {
            product += w[j] * v[j];
        }
        add(w, v, -beta / 2 * product, k + 1);
        for (int i = k + 1; i < n; i++) {
            add(a[i], w, -v[i], k + 1);
            add(a[i], v, -w[i], k + 1);
        }
    }

    private static void add(double[] to, double[] from, double factor, int first) {
        for (int j = first; j < to.length; j++) {
            to[j] += factor * from[j];
        }
    }

    /// A rounding error of the matrix. Where many eigenvalues are 0, diagonal and entries beside it are such errors
    /// alone, and none is small beside the other.
    private static double negligible(double[] d, double[] e) {
        double largest = 0;
        for (int i = 0; i < d.length; i++) {
            largest = Math.max(largest, Math.abs(d[i]) + Math.abs(e[i]));
        }
        return Math.ulp(largest) / 2;
    }

    /// Rotates until the entry below position l is negligible.
    private static void deflate(double[] d, double[] e, int l, double negligible) {
        for (int sweep = 0; ; sweep++) {
            int m = l;
            while (m < d.length - 1
                    && Math.abs(e[m]) > Math.max(negligible, Math.ulp(Math.abs(d[m]) + Math.abs(d[m + 1])) / 2)) {
                m++;
            }
            if (m == l) {
                return;
            }
            if (sweep == MAX_SWEEPS) {
                throw new ArithmeticException(
                        "eigenvalues did not converge; the matrix may hold numbers that are not finite");
            }
            sweep(d, e, l, m);
        }
    }

    private static void sweep(double[] d, double[] e, int l, int m) {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        double r = Math.hypot(g, 1);
        g = d[m] - d[l] + e[l] / (g + Math.copySign(r, g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * e[i];
            double b = c * e[i];
            r = Math.hypot(f, g);
            e[i + 1] = r;
            if (r == 0) {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }
}
