package dev.lejepa.graphs.losses;

import java.util.OptionalInt;

/// Ranks of values `i = 0 .. N-1` in ascending order, or one rank for all, and the laws of such order statistics.
final class Ranks {
    private final int n;
    private final OptionalInt all;
    private final double[] logFactorial;

    Ranks(int n, OptionalInt all) {
        this.n = n;
        this.all = all;
        this.logFactorial = new double[n + 1];
        for (var i = 2; i <= n; i++) {
            logFactorial[i] = logFactorial[i - 1] + Math.log(i);
        }
    }

    int count() {
        return all.isPresent() ? 1 : n;
    }

    /// The rank of value `i`, from 1.
    int rank(int i) {
        return all.orElse(i + 1);
    }

    int above(int i) {
        return n - rank(i);
    }

    /// Where in the law's distribution function the rank is expected, about.
    double position(int i) {
        return (rank(i) - 0.5) / n;
    }

    /// The logarithm of `N! / ((r-1)! (N-r)!)`.
    double logBinomial(int i) {
        return logFactorial[n] - logFactorial[rank(i) - 1] - logFactorial[above(i)];
    }

    /// The logarithm of the density of the rank's position in `[0, 1]`, at [#position].
    double logDensity(int i) {
        return logBinomial(i) + (rank(i) - 1) * Math.log(position(i)) + above(i) * Math.log(1 - position(i));
    }
}
