package dev.lejepa.tools.selfcheck;

import java.util.Arrays;

/// Many numbers of one distribution, and the errors that statistics of fewer of them have.
///
/// @param sorted ascending
record Sample(double[] sorted, double mean, double variance, double kurtosis) {
    static Sample of(double[] values) {
        var mean = Arrays.stream(values).average().orElse(0);
        var variance =
                Arrays.stream(values).map(v -> Math.pow(v - mean, 2)).average().orElse(0);
        var fourth =
                Arrays.stream(values).map(v -> Math.pow(v - mean, 4)).average().orElse(0);
        return new Sample(
                Arrays.stream(values).sorted().toArray(),
                mean,
                variance,
                variance == 0 ? 0 : fourth / variance / variance);
    }

    /// The correlation of two columns of the same draws.
    static double correlation(double[] a, double[] b) {
        var x = of(a);
        var y = of(b);
        var sum = 0.0;
        for (var i = 0; i < a.length; i++) {
            sum += (a[i] - x.mean()) * (b[i] - y.mean());
        }
        return sum / a.length / Math.sqrt(x.variance() * y.variance());
    }

    double lowest() {
        return sorted[0];
    }

    double highest() {
        return sorted[sorted.length - 1];
    }

    double deviation() {
        return Math.sqrt(variance);
    }

    /// The standard error of the mean of `n` numbers.
    double errorOfMean(int n) {
        return Math.sqrt(variance / n);
    }

    /// The standard error of the variance of `n` numbers.
    double errorOfVariance(int n) {
        return variance * Math.sqrt(Math.max(0, kurtosis - 1) / n);
    }

    /// How far `level` is from the part of the numbers that lies below `value`, those equal to it counted either way.
    double distanceFromLevel(double value, double level) {
        var below = 0;
        var upTo = 0;
        var slack = 1e-9 * Math.abs(value);
        for (var v : sorted) {
            below += v < value - slack ? 1 : 0;
            upTo += v <= value + slack ? 1 : 0;
        }
        var low = (double) below / sorted.length;
        var high = (double) upTo / sorted.length;
        return Math.max(0, Math.max(low - level, level - high));
    }
}
