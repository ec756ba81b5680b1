package dev.lejepa.tools.rank;

import dev.lejepa.graphs.random.Key;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/// Spearman's rank correlation, and how sure it is.
public final class Spearman {
    /// Below, a correlation says nothing: two points always lie on a line.
    public static final int LEAST = 3;

    private static final int RESAMPLES = 10_000;
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;

    private Spearman() {}

    /// The bounds that 95 % of the resampled correlations lie between.
    public record Interval(double low, double high) {}

    /// The correlation of the ranks of two lists, ties sharing the mean of their places: 1 where both ascend together.
    ///
    /// @return empty for fewer than [#LEAST] pairs, or where all values of a list are equal
    public static OptionalDouble correlation(double[] x, double[] y) {
        return x.length < LEAST ? OptionalDouble.empty() : pearson(Ranks.of(x), Ranks.of(y));
    }

    /// The percentile bootstrap over pairs: 10,000 times as many pairs are drawn with replacement. Draws in which all
    /// values of a list are equal have no correlation and do not count.
    ///
    /// @param seed of the draws
    public static Optional<Interval> interval(double[] x, double[] y, long seed) {
        if (correlation(x, y).isEmpty()) {
            return Optional.empty();
        }
        var found = new double[RESAMPLES];
        var count = 0;
        var draws = Key.of(seed, "bootstrap").draws();
        for (var r = 0; r < RESAMPLES; r++) {
            var a = new double[x.length];
            var b = new double[x.length];
            for (var i = 0; i < x.length; i++) {
                var drawn = draws.below(x.length);
                a[i] = x[drawn];
                b[i] = y[drawn];
            }
            var correlation = correlation(a, b);
            if (correlation.isPresent()) {
                found[count++] = correlation.getAsDouble();
            }
        }
        var sorted = Arrays.copyOf(found, count);
        Arrays.sort(sorted);
        return Optional.of(new Interval(quantile(sorted, LOW), quantile(sorted, HIGH)));
    }

    /// Linear between neighbors, as numpy has it.
    private static double quantile(double[] sorted, double q) {
        var at = q * (sorted.length - 1);
        var below = (int) at;
        var above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static OptionalDouble pearson(double[] x, double[] y) {
        var mx = Arrays.stream(x).average().orElseThrow();
        var my = Arrays.stream(y).average().orElseThrow();
        var xx = 0.0;
        var yy = 0.0;
        var xy = 0.0;
        for (var i = 0; i < x.length; i++) {
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
            xy += (x[i] - mx) * (y[i] - my);
        }
        return xx == 0 || yy == 0 ? OptionalDouble.empty() : OptionalDouble.of(xy / Math.sqrt(xx * yy));
    }
}
