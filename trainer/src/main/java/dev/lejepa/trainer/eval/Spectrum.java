package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// How the rows of a feature matrix are spread over its directions: its singular values.
public final class Spectrum {
    /// Rows summed in one pass over a line of the Gram matrix.
    private static final int UNROLL = 4;

    private final double[] singularValues;

    private Spectrum(double[] singularValues) {
        this.singularValues = singularValues;
    }

    /// RankMe takes the spectrum of the rows as they are; a common offset of all rows then counts as one strong
    /// direction. Garrido et al., https://arxiv.org/abs/2210.02885.
    public static Spectrum of(Features x) {
        return new Spectrum(singularValues(doubles(x)));
    }

    /// The spectrum after each column's mean is taken off: what is left where all rows are equal is nothing.
    public static Spectrum centered(Features x) {
        double[][] rows = doubles(x);
        double[] mean = new double[x.columns()];
        for (double[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j];
            }
        }
        for (double[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                row[j] -= mean[j] / rows.length;
            }
        }
        return new Spectrum(singularValues(rows));
    }

    /// Largest first, one for each of `min(rows, columns)`.
    public double[] singularValues() {
        return singularValues.clone();
    }

    /// The exponential of the entropy of the normalized singular values (RankMe): from 1, one direction, to
    /// `min(rows, columns)`, all directions alike; 0 where there is no spread at all.
    public double effectiveRank() {
        double sum = Arrays.stream(singularValues).sum();
        if (!(sum > 0)) {
            return 0;
        }
        double entropy = 0;
        for (double value : singularValues) {
            double p = value / sum;
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return Math.exp(entropy);
    }

    /// Standard deviation of each column (population).
    public static double[] deviations(Features x) {
        double[] mean = new double[x.columns()];
        double[] squares = new double[x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += (double) x.at(r, j) / x.rows();
            }
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < mean.length; j++) {
                double d = x.at(r, j) - mean[j];
                squares[j] += d * d / x.rows();
            }
        }
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    private static double[][] doubles(Features x) {
        double[][] rows = new double[x.rows()][x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < x.columns(); j++) {
                rows[r][j] = x.at(r, j);
            }
        }
        return rows;
    }

    /// Square roots of the eigenvalues of the smaller Gram matrix. In double precision values below 1e-8 of the largest
    /// are lost, which is nothing to an entropy.
    private static double[] singularValues(double[][] rows) {
        boolean tall = rows.length > 0 && rows.length >= rows[0].length;
        double[] eigen = SymmetricEigen.values(gram(tall ? rows : transpose(rows)));
        return Arrays.stream(eigen).map(value -> Math.sqrt(Math.max(0, value))).toArray();
    }

    private static double[][] transpose(double[][] a) {
        double[][] t = new double[a.length == 0 ? 0 : a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[i].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    /// `a^T a`.
    private static double[][] gram(double[][] a) {
        int n = a.length == 0 ? 0 : a[0].length;
        double[][] gram = new double[n][n];
        double[] zeros = new double[n];
        for (int r = 0; r < a.length; r += UNROLL) {
            double[] x1 = r + 1 < a.length ? a[r + 1] : zeros;
            double[] x2 = r + 2 < a.length ? a[r + 2] : zeros;
            double[] x3 = r + 3 < a.length ? a[r + 3] : zeros;
            for (int i = 0; i < n; i++) {
                addProducts(gram[i], i, a[r], x1, x2, x3);
            }
        }
        return gram;
    }

    private static void addProducts(double[] line, int i, double[] x0, double[] x1, double[] x2, double[] x3) {
        double c0 = x0[i];
        double c1 = x1[i];
        double c2 = x2[i];
        double c3 = x3[i];
        for (int j = 0; j < line.length; j++) {
            line[j] += c0 * x0[j] + c1 * x1[j] + c2 * x2[j] + c3 * x3[j];
        }
    }
}
