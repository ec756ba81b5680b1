package dev.lejepa.graphs.normal;

/// The error function in double precision, to about one unit in the last place of 1.
public final class Erf {
    static final double SERIES_LIMIT = 2;
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private Erf() {}

    /// `2/sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
    public static double erf(double x) {
        var a = Math.abs(x);
        return a < SERIES_LIMIT ? series(x) : Math.copySign(1 - tail(a), x);
    }

    /// `1 - erf(x)`, accurate in the upper tail too.
    public static double erfc(double x) {
        if (x >= SERIES_LIMIT) {
            return tail(x);
        }
        return 1 - erf(x);
    }

    /// `erf(x) = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (1 3 5 .. (2n+1))`: all terms have one sign, so nothing
    /// cancels.
    private static double series(double x) {
        var term = x;
        var sum = x;
        for (var n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
    }

    /// `erfc(x) = exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...))))` for `x >= 2`, evaluated from the end.
    private static double tail(double x) {
        return Double.isNaN(x) ? x : Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction(x));
    }

    /// The continued fraction of [#erfc] at `x >= 2`.
    static double fraction(double x) {
        var fraction = x;
        for (var k = 160; k > 0; k--) {
            fraction = x + k / (2 * fraction);
        }
        return fraction;
    }
}
