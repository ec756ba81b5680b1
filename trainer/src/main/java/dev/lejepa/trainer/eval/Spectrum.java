package dev.lejepa.trainer.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/// How the rows of a feature matrix are spread over its directions: singular values, and the eigenvalues of the
/// covariance. Double precision; equal to those of LAPACK to a rounding error of the largest one.
public final class Spectrum {
    private final int rows;
    private final int columns;
    private final double[] singular;
    private final double[] centered;

    private Spectrum(int rows, int columns, double[] singular, double[] centered) {
        this.rows = rows;
        this.columns = columns;
        this.singular = singular;
        this.centered = centered;
    }

    /// The spectrum of the rows, as they are and with their mean taken off.
    ///
    /// @param x finite numbers
    public static Spectrum of(Features x) {
        double[] mean = Spread.of(x).mean();
        double[][] centered = centered(x, mean);
        // the offset is orthogonal to centered rows, so it is one more row of what has the same singular values
        double[][] all = Arrays.copyOf(centered, centered.length + 1);
        double length = Math.sqrt(x.rows());
        all[centered.length] = Arrays.stream(mean).map(m -> m * length).toArray();
        double[] singular = SingularValues.of(all);
        double[] ofCentered = SingularValues.of(centered);
        if (ofCentered[0] <= Spread.ROUNDING * singular[0]) {
            Arrays.fill(ofCentered, 0); // all rows are one
        }
        return new Spectrum(
                x.rows(), x.columns(), Arrays.copyOf(singular, Math.min(x.rows(), x.columns())), ofCentered);
    }

    private static double[][] centered(Features x, double[] mean) {
        TriangularFactor.Rows rows = (row, to) -> {
            for (int j = 0; j < mean.length; j++) {
                to[j] = x.at(row, j) - mean[j];
            }
        };
        if (x.rows() > x.columns()) {
            return TriangularFactor.of(x.rows(), x.columns(), 0, rows);
        }
        double[][] all = new double[x.rows()][x.columns()];
        IntStream.range(0, x.rows()).forEach(row -> rows.read(row, all[row]));
        return all;
    }

    /// Of the rows as they are, largest first, one for each of `min(rows, columns)`.
    public double[] singularValues() {
        return singular.clone();
    }

    /// RankMe: the exponential of the entropy of the normalized singular values of the rows as they are, from 1, one
    /// direction, to `min(rows, columns)`, all alike; 0 where all numbers are 0. A common offset of all rows counts as
    /// one strong direction. Garrido et al., https://arxiv.org/abs/2210.02885.
    public double rankMe() {
        return SingularValues.effectiveRank(singular, singular.length);
    }

    /// The same of the rows after each column's mean is taken off: what is left where all rows are equal is nothing.
    public double centeredRank() {
        return SingularValues.effectiveRank(centered, Math.min(rows, columns));
    }

    /// Eigenvalues of the covariance matrix (divided by `rows - 1`), largest first, one for each column; all 0 for a
    /// single row.
    public double[] covariance() {
        double[] values = new double[columns];
        for (int i = 0; i < Math.min(columns, centered.length); i++) {
            values[i] = rows > 1 ? centered[i] * centered[i] / (rows - 1) : 0;
        }
        return values;
    }
}
