package dev.lejepa.trainer.eval;

import java.util.stream.IntStream;

/// Rows of a feature matrix scaled to length 1, and how they lie on the sphere. Wang and Isola,
/// https://arxiv.org/abs/2005.10242. A row of zeros stays one.
final class UnitRows {
    private final Features x;
    private final double[] scale;

    private UnitRows(Features x, double[] scale) {
        this.x = x;
        this.scale = scale;
    }

    /// @param x finite numbers
    static UnitRows of(Features x) {
        double[] scale = new double[x.rows()];
        for (int r = 0; r < scale.length; r++) {
            double squares = 0;
            for (int j = 0; j < x.columns(); j++) {
                squares += (double) x.at(r, j) * x.at(r, j);
            }
            scale[r] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        }
        return new UnitRows(x, scale);
    }

    /// A number of a row of length 1: computed whenever it is wanted, as all rows in double precision are many times the
    /// features.
    private double at(int row, int column) {
        return x.at(row, column) * scale[row];
    }

    /// The mean cosine of two different rows: 0 where they point everywhere, 1 where all point the same way.
    ///
    /// @return NaN for a single row
    double anisotropy() {
        double[] sum = new double[x.columns()];
        double own = add(0, x.rows(), sum);
        return (squares(sum) - own) / ((double) x.rows() * (x.rows() - 1));
    }

    /// The mean squared distance of two views of one image: 0 where views do not matter, about 2 where images do not.
    ///
    /// @param views at least 2; row `n*views + v` is view `v` of image `n`
    double alignment(int views) {
        int images = x.rows() / views;
        double total = 0;
        for (int n = 0; n < images; n++) {
            double[] sum = new double[x.columns()];
            double own = add(n * views, views, sum);
            total += views * own - squares(sum); // the sum of |a - b|^2 over pairs
        }
        return total / (images * (views * (views - 1) / 2.0));
    }

    /// The logarithm of the mean of `exp(-2 |a - b|^2)` over all pairs of rows: 0 where all are one, down to -4 and
    /// somewhat less where they spread over the sphere.
    ///
    /// @return NaN for a single row
    double uniformity() {
        int n = x.rows();
        double[][] columnwise = new double[x.columns()][n];
        double[] length = new double[n];
        for (int r = 0; r < n; r++) {
            for (int j = 0; j < x.columns(); j++) {
                columnwise[j][r] = at(r, j);
                length[r] += columnwise[j][r] * columnwise[j][r];
            }
        }
        double[] sums = IntStream.range(0, n)
                .parallel()
                .mapToDouble(r -> {
                    double[] products = products(columnwise, r, n);
                    double sum = 0;
                    for (int other = r + 1; other < n; other++) {
                        sum += Math.exp(-2 * (length[r] + length[other] - 2 * products[other]));
                    }
                    return sum;
                })
                .toArray();
        double sum = 0;
        for (double s : sums) {
            sum += s; // in order, whoever computed it
        }
        return Math.log(sum / (n * (n - 1.0) / 2));
    }

    /// Products of row `r` with all behind it.
    private static double[] products(double[][] columnwise, int r, int rows) {
        double[] products = new double[rows];
        for (double[] line : columnwise) {
            double factor = line[r];
            for (int other = r + 1; other < products.length; other++) {
                products[other] += factor * line[other];
            }
        }
        return products;
    }

    /// Adds rows up; returns the sum of their squared lengths, each 1 or 0.
    private double add(int first, int count, double[] sum) {
        double own = 0;
        for (int r = first; r < first + count; r++) {
            for (int j = 0; j < sum.length; j++) {
                double value = at(r, j);
                sum[j] += value;
                own += value * value;
            }
        }
        return own;
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v * v;
        }
        return sum;
    }
}
