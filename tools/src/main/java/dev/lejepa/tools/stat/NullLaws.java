package dev.lejepa.tools.stat;

import dev.lejepa.graphs.losses.AndersonDarling;
import dev.lejepa.graphs.losses.CramerVonMises;
import dev.lejepa.graphs.losses.Entropy;
import dev.lejepa.graphs.losses.EppsPulley;
import dev.lejepa.graphs.losses.ExtendedJarqueBera;
import dev.lejepa.graphs.losses.Form;
import dev.lejepa.graphs.losses.Moments;
import dev.lejepa.graphs.losses.Nll;
import dev.lejepa.graphs.losses.ShapiroWilk;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.losses.VcReg;
import dev.lejepa.graphs.losses.Watson;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// Laws of statistics of standard normal samples, where they are known: the probability of a larger value.
final class NullLaws {
    /// Samples from which the four moments of Jarque and Bera are near their limit law.
    private static final int MANY = 5000;

    private NullLaws() {}

    /// @param method `exact law` for the sample's size, `asymptotic` for large ones
    /// @param survival from a statistic to the probability of a larger one
    /// @param mean of the statistic
    record Law(String method, DoubleUnaryOperator survival, double mean) {}

    /// The law of a test of `n` samples; empty where it is not known.
    static Optional<Law> of(UnivariateTest test, int n) {
        return switch (test) {
            case AndersonDarling(var form) -> standard(form, new Law("exact law", x -> andersonDarling(n, x), 1));
            case CramerVonMises(var form) ->
                standard(form, new Law("exact law", x -> CramerVonMisesLaw.survival(n, x), 1 / 6.0));
            case Watson(var form) -> standard(form, new Law("asymptotic", x -> watson(n, x), 1 / 12.0));
            case VcReg(var form) -> standard(form, new Law("asymptotic", x -> Math.exp(-x / 2), 2));
            case ExtendedJarqueBera(var form) ->
                n < MANY
                        ? Optional.empty()
                        : standard(form, new Law("asymptotic", x -> Math.exp(-x / 2) * (1 + x / 2), 4));
            case Entropy _, EppsPulley _, Moments _, Nll _, ShapiroWilk _ -> Optional.empty();
        };
    }

    /// Only the statistics that the literature defines have laws there.
    private static Optional<Law> standard(Form form, Law law) {
        return switch (form) {
            case STANDARD -> Optional.of(law);
            case LEJEPA -> Optional.empty();
        };
    }

    /// Marsaglia and Marsaglia, Journal of Statistical Software 9 (2004): five digits for every `n`.
    private static double andersonDarling(int n, double x) {
        if (x <= 0) {
            return 1;
        }
        var limit = limitOfAndersonDarling(x);
        var tail = x < 2 ? 1 - limit : -Math.expm1(-Math.exp(exponent(x)));
        return tail < 1e-4 ? tail : Math.clamp(tail - correction(n, limit), 0, 1);
    }

    private static double limitOfAndersonDarling(double z) {
        return z < 2
                ? Math.exp(-1.2337141 / z)
                        / Math.sqrt(z)
                        * (2.00012 + (.247105 - (.0649821 - (.0347962 - (.011672 - .00168691 * z) * z) * z) * z) * z)
                : Math.exp(-Math.exp(exponent(z)));
    }

    private static double exponent(double z) {
        return 1.0776 - (2.30695 - (.43424 - (.082433 - (.008056 - .0003146 * z) * z) * z) * z) * z;
    }

    private static double correction(int n, double x) {
        if (x > .8) {
            return (-130.2137 + (745.2337 - (1705.091 - (1950.646 - (1116.360 - 255.7844 * x) * x) * x) * x) * x) / n;
        }
        var c = .01265 + .1757 / n;
        if (x < c) {
            var t = Math.sqrt(x / c);
            var shape = t * (1 - x / c) * (49 * x / c - 102);
            return shape * (.0037 / ((double) n * n) + .00078 / n + .00006) / n;
        }
        var t = (x - c) / (.8 - c);
        var shape = -.00022633 + (6.54034 - (14.6538 - (14.458 - (8.259 - 1.91864 * t) * t) * t) * t) * t;
        return shape * (.04213 + .01365 / n) / n;
    }

    /// The limit law of Watson (1961) with Stephens' modification for finite `n` (Journal of the Royal Statistical
    /// Society B 32 (1970)).
    private static double watson(int n, double x) {
        var u = (x - 0.1 / n + 0.1 / ((double) n * n)) * (1 + 0.8 / n);
        if (u < 0.02) {
            return 1; // below all but 1e-4 of the law, where the series converges slowly
        }
        var sum = 0.0;
        for (var k = 1; k <= 20; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * Math.PI * Math.PI * u);
        }
        return Math.clamp(sum, 0, 1);
    }
}
