package dev.lejepa.tools.stat;

import java.util.Arrays;

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

    /// From draws of the null law.
    ///
    /// @param bothSides whether small values are departures too
    static Significance of(double[] draws, double[] statistics, boolean bothSides) {
        var law = new DrawnLaw(draws);
        var mirrored = law.mirrored();
        var each = Arrays.stream(statistics)
                .map(s ->
                        bothSides ? Math.min(1, 2 * Math.min(law.survival(s), mirrored.survival(-s))) : law.survival(s))
                .toArray();
        return new Significance("monte_carlo", each, law.mean());
    }
}
