package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// Mean and standard deviation of each column of a feature matrix.
///
/// @param mean of each column
/// @param deviation population standard deviation of each column
public record Spread(double[] mean, double[] deviation) {
    /// A column whose standard deviation is below this part of the median one is dead: it tells nothing of a row.
    private static final double DEAD = 1e-4;

    /// What rounding in double precision makes of nothing, relative to what it was taken from. Numbers in single
    /// precision that differ at all differ by far more.
    static final double ROUNDING = 1e-14;

    /// @param x at least one row
    public static Spread of(Features x) {
        double[] mean = new double[x.columns()];
        double[] squares = new double[x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += x.at(r, j);
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= x.rows();
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < mean.length; j++) {
                double d = x.at(r, j) - mean[j];
                squares[j] += d * d;
            }
        }
        double[] deviation = new double[mean.length];
        for (int j = 0; j < mean.length; j++) {
            double found = Math.sqrt(squares[j] / x.rows());
            deviation[j] = found <= ROUNDING * Math.abs(mean[j]) ? 0 : found;
        }
        return new Spread(mean, deviation);
    }

    /// The median of the columns' standard deviations (the upper one of two).
    public double medianDeviation() {
        double[] sorted = deviation.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// Columns that vary by less than 1e-4 of the median; where that is 0, those that do not vary.
    public int dead() {
        double limit = DEAD * medianDeviation();
        return (int) Arrays.stream(deviation).filter(d -> d <= limit).count();
    }

    /// The root mean square of all numbers.
    public double size() {
        double sum = 0;
        for (int j = 0; j < mean.length; j++) {
            sum += mean[j] * mean[j] + deviation[j] * deviation[j];
        }
        return Math.sqrt(sum / mean.length);
    }
}
