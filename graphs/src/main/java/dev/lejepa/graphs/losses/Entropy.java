package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Vasicek's entropy of spacings (Journal of the Royal Statistical Society B 38 (1976)) as a distance from the standard
/// normal law: the estimate `log sqrt(2 pi) + mean(x^2) / 2 - H` of the Kullback-Leibler divergence from `N(0, 1)`, with
/// `H = mean_i log(N (x_(i+m) - x_(i-m)) / (2m))`, ranks kept within `1 .. N`.
///
/// Tends to 0 under the null law for large `N`, `m` and `N / m`; spacings of few ranks estimate `H` too low, so the
/// statistic is positive there (0.27 for `m = 1` and large `N`). Costs a sort, `O(N)` beside it.
///
/// @param m ranks on either side, or to the right
/// @param method which spacings
/// @param form [Form#LEJEPA] compares `H` with the entropy of a normal law of the same variance, so it sees neither
///     mean nor variance; its centered method counts the ends twice and gives the exponential
public record Entropy(int m, Method method, Form form) implements UnivariateTest {
    /// Spacings below count as this.
    private static final double LEAST_SPACING = 1e-5;

    private static final double LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

    /// The spacings of rank `i`.
    public enum Method {
        /// From `i - m` to `i + m`.
        CENTERED,
        /// From `i` to `i + m`.
        RIGHT
    }

    public Entropy {
        if (m < 1) {
            throw new IllegalArgumentException(Text.format("m is %d, must be at least 1", m));
        }
    }

    public Entropy() {
        this(1, Method.CENTERED, Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        return switch (form) {
            case STANDARD -> divergence(samples);
            case LEJEPA -> published(samples);
        };
    }

    private Value divergence(Value samples) {
        var n = samples.dim(-2);
        var sorted = samples.sort();
        var logs = switch (method) {
            case CENTERED -> logSpacings(extended(sorted), 2L * m);
            case RIGHT -> logSpacings(sorted, m);
        };
        var width = method == Method.CENTERED ? 2 * m : m;
        var entropy = logs.mean(false, -2).add(Math.log((double) n / width));
        return samples.square().mean(false, -2).mul(0.5).add(LOG_SQRT_2PI).sub(entropy);
    }

    private Value published(Value samples) {
        var n = samples.dim(-2);
        var sorted = samples.sort();
        var centered = samples.sub(Columns.mean(samples));
        var logDeviation = Columns.flat(Columns.variance(centered).log().mul(0.5));
        var normal = logDeviation.add(LOG_SQRT_2PI + 0.5 - Math.log(n));
        return switch (method) {
            case RIGHT -> normal.sub(sum(logSpacings(sorted, m)).mul(1.0 / n)).add(Math.log(m));
            case CENTERED ->
                normal.sub(sum(logSpacings(sorted, 2L * m)).add(ends(sorted)).mul(1.0 / n))
                        .add(Math.log(2 * m))
                        .exp();
        };
    }

    /// The sum of the logarithms of `x_(1+j) - x_(1)` and `x_(N) - x_(N-j)` for `j = 1 .. 2m`.
    private Value ends(Value sorted) {
        var n = sorted.dim(-2);
        var lower = sorted.slice(-2, 1, 1 + 2L * m).sub(sorted.slice(-2, 0, 1));
        var upper = sorted.slice(-2, n - 1, n).sub(sorted.slice(-2, n - 1 - 2L * m, n - 1));
        return sum(log(lower)).add(sum(log(upper)));
    }

    /// Sorted values with the first and the last `m` times more.
    private Value extended(Value sorted) {
        var n = sorted.dim(-2);
        var parts = new ArrayList<Value>();
        parts.addAll(Collections.nCopies(m, sorted.slice(-2, 0, 1)));
        parts.add(sorted);
        parts.addAll(Collections.nCopies(m, sorted.slice(-2, n - 1, n)));
        return Value.concat(-2, List.copyOf(parts));
    }

    private static Value logSpacings(Value sorted, long ranks) {
        var n = sorted.dim(-2);
        return log(sorted.slice(-2, ranks, n).sub(sorted.slice(-2, 0, n - ranks)));
    }

    private static Value log(Value spacings) {
        return Columns.atLeast(spacings, LEAST_SPACING).log();
    }

    private static Value sum(Value x) {
        return x.sum(false, -2);
    }

    @Override
    public int leastSamples() {
        return 2 * m + 2;
    }
}
