package dev.lejepa.tools.stat;

/// The law of Cramér and von Mises' statistic: its limit and the term of order `1 / n` by Csörgő and Faraway (Journal of
/// the Royal Statistical Society B 58 (1996)), equations 1.2 and 1.8 to 1.10, as SciPy computes it.
final class CramerVonMisesLaw {
    private static final double SMALL = 1e-9;
    private static final int TERMS = 60;

    private CramerVonMisesLaw() {}

    static double survival(int n, double x) {
        if (x <= 1 / (12.0 * n)) {
            return 1;
        }
        if (x >= n / 3.0) {
            return 0;
        }
        return Math.clamp(1 - limit(x) * (1 + 1 / (12.0 * n)) - correction(x) / n, 0, 1);
    }

    private static double limit(double x) {
        var sum = 0.0;
        var ratio = Math.sqrt(Math.PI); // Gamma(k + 1/2) / k!
        for (var k = 0; k < TERMS; k++) {
            var y = 4 * k + 1;
            var term = ratio / (Math.pow(Math.PI, 1.5) * Math.sqrt(x)) * Math.sqrt(y) * bessel(0.25, y * y / (16 * x));
            sum += term;
            if (term < SMALL && k > 1) {
                break;
            }
            ratio *= (k + 0.5) / (k + 1);
        }
        return sum;
    }

    private static double correction(double x) {
        var sum = 0.0;
        var ratio = Math.sqrt(Math.PI);
        for (var k = 0; k < TERMS; k++) {
            var term = part(k, x) * ratio / Math.PI;
            sum -= term;
            if (Math.abs(term) < SMALL && k > 1) {
                break;
            }
            ratio *= (k + 0.5) / (k + 1);
        }
        return sum;
    }

    /// `A_k` divided by `Gamma(k + 1/2)`.
    private static double part(int k, double x) {
        var m = 2 * k + 1;
        var root = 2 * Math.sqrt(x);
        var y1 = Math.pow(x, 0.75);
        var y2 = Math.pow(x, 1.25);
        return m * d2((4 * k + 3) / root) / (9 * y1)
                + d3((4 * k + 1) / root) / (72 * y2)
                + 2 * (m + 2) * (k + 0.5) * d3((4 * k + 5) / root) / (12 * y2)
                + 7 * m * (d2((4 * k + 1) / root) + d2((4 * k + 5) / root)) / (144 * y1);
    }

    private static double d2(double y) {
        var z = y * y / 4;
        return Math.pow(y / 2, 1.5) * (bessel(0.25, z) + bessel(0.75, z)) / Math.sqrt(Math.PI);
    }

    private static double d3(double y) {
        var z = y * y / 4;
        return Math.pow(y / 2, 2.5)
                * (2 * bessel(0.25, z) + 3 * bessel(0.75, z) - bessel(1.25, z))
                / Math.sqrt(Math.PI);
    }

    /// `exp(-z) K_v(z)`, the integral of `exp(-z (1 + cosh t)) cosh(v t)` over `t > 0` by trapezoids, which converge
    /// fast.
    private static double bessel(double v, double z) {
        var step = 0.05;
        var sum = Math.exp(-2 * z) / 2;
        for (var t = step; t < 30; t += step) {
            var exponent = z * (1 + Math.cosh(t));
            if (exponent > 700) {
                break;
            }
            sum += Math.exp(-exponent) * Math.cosh(v * t);
        }
        return sum * step;
    }
}
