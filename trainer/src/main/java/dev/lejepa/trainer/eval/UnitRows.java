package dev.lejepa.trainer.eval;

import java.util.stream.IntStream;

/// Rows of a feature matrix scaled to length 1, and how they lie on the sphere. Wang and Isola,
/// https://arxiv.org/abs/2005.10242. A row of zeros stays one.
final class UnitRows {
    private final double[][] unit;
    private final int columns;

    private UnitRows(double[][] unit, int columns) {
        this.unit = unit;
        this.columns = columns;
    }

    /// @param x finite numbers
    static UnitRows of(Features x) {
        double[][] unit = new double[x.rows()][x.columns()];
        for (int r = 0; r < unit.length; r++) {
            double squares = 0;
            for (int j = 0; j < x.columns(); j++) {
                squares += (double) x.at(r, j) * x.at(r, j);
            }
            double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
            for (int j = 0; j < x.columns(); j++) {
                unit[r][j] = x.at(r, j) * scale;
            }
        }
        return new UnitRows(unit, x.columns());
    }

    /// The mean cosine of two different rows: 0 where they point everywhere, 1 where all point the same way.
    ///
    /// @return NaN for a single row
    double anisotropy() {
        double[] sum = new double[columns];
        double own = add(0, unit.length, sum);
        return (squares(sum) - own) / ((double) unit.length * (unit.length - 1));
    }

    /// The mean squared distance of two views of one image: 0 where views do not matter, about 2 where images do not.
    ///
    /// @param views at least 2; row `n*views + v` is view `v` of image `n`
    double alignment(int views) {
        int images = unit.length / views;
        double total = 0;
        for (int n = 0; n < images; n++) {
            double[] sum = new double[columns];
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
        int n = unit.length;
        double[][] columnwise = new double[columns][n];
        for (int r = 0; r < n; r++) {
            for (int j = 0; j < columns; j++) {
                columnwise[j][r] = unit[r][j];
            }
        }
        double[] length =
                IntStream.range(0, n).mapToDouble(r -> squares(unit[r])).toArray();
        double[] sums = IntStream.range(0, n)
                .parallel()
                .mapToDouble(r -> {
                    double[] products = products(columnwise, r);
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
    private double[] products(double[][] columnwise, int r) {
        double[] products = new double[unit.length];
        for (int j = 0; j < columns; j++) {
            double[] line = columnwise[j];
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
            for (int j = 0; j < columns; j++) {
                sum[j] += unit[r][j];
                own += unit[r][j] * unit[r][j];
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
