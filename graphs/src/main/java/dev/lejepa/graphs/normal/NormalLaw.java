package dev.lejepa.graphs.normal;

/// The standard normal law in double precision.
public final class NormalLaw {
    private NormalLaw() {}

    /// The standard normal distribution function.
    public static double cdf(double x) {
        return Erf.erfc(-x / Math.sqrt(2)) / 2;
    }

    /// The logarithm of [#cdf], accurate in the lower tail too.
    public static double logCdf(double x) {
        var z = -x / Math.sqrt(2);
        if (z < Erf.SERIES_LIMIT) {
            return x > 0 ? Math.log1p(-cdf(-x)) : Math.log(cdf(x));
        }
        return -z * z - Math.log(2 * Math.sqrt(Math.PI) * Erf.fraction(z));
    }

    /// The standard normal density.
    public static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
