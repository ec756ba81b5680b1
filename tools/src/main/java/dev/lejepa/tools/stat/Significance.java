package dev.lejepa.tools.stat;

import java.util.Arrays;
import java.util.Optional;

/// How likely statistics as large are under the null law.
///
/// @param method how it is known: `exact law`, `asymptotic`, `monte_carlo`
/// @param each of each column, or of the sample alone
/// @param expected mean of the statistic under the null law
public record Significance(String method, double[] each, double expected) {
    /// Bonferroni's bound for the smallest of them.
    public double combined() {
        return Math.min(1, each.length * Arrays.stream(each).min().orElse(1));
    }

    static Significance of(NullLaws.Law law, double[] statistics) {
        return new Significance(
                law.method(), Arrays.stream(statistics).map(law.survival()).toArray(), law.mean());
    }

    /// From draws of the null law; values among the draws count for them.
    ///
    /// @param bothSides whether small values are departures too
    static Significance of(double[] draws, double[] statistics, boolean bothSides) {
        var sorted = draws.clone();
        Arrays.sort(sorted);
        var each = Arrays.stream(statistics)
                .map(s -> {
                    if (Double.isNaN(s)) {
                        return Double.NaN;
                    }
                    var above = (1.0 + Arrays.stream(sorted).filter(x -> x >= s).count()) / (1 + sorted.length);
                    var below = (1.0 + Arrays.stream(sorted).filter(x -> x <= s).count()) / (1 + sorted.length);
                    return bothSides ? Math.min(1, 2 * Math.min(above, below)) : above;
                })
                .toArray();
        return new Significance(
                "monte_carlo", each, Arrays.stream(draws).average().orElse(Double.NaN));
    }

    /// Its method, for results that may have none.
    static Optional<String> method(Optional<Significance> any) {
        return any.map(Significance::method);
    }
}
