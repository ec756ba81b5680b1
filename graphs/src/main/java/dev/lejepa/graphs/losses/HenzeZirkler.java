package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// Henze and Zirkler's statistic (Communications in Statistics 19 (1990)): [Bhep] with
/// `b = ((2K + 1) N / 4)^(1 / (K + 4)) / sqrt 2`, which grows with `N`.
///
/// At least 0. Samples are not standardized, as `N(0, I)` itself is the null law. Costs `O(N^2 K)`.
///
/// @param form [Form#LEJEPA] lacks the factor `N`
public record HenzeZirkler(Form form) implements MultivariateTest {
    public HenzeZirkler() {
        this(Form.STANDARD);
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        return Bhep.statistic(samples, beta(samples.dim(1), samples.dim(2)), form);
    }

    /// `b` for `N` samples of width `K`.
    public static double beta(long n, long k) {
        return Math.pow((2 * k + 1) * n / 4.0, 1.0 / (k + 4)) / Math.sqrt(2);
    }

    @Override
    public int slices() {
        return 0;
    }

    @Override
    public int leastSamples() {
        return 1;
    }

    @Override
    public String name() {
        return "hz";
    }
}
