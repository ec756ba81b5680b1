package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Mean and variance alone: `N m^2 + (N - 1) (v - 1)^2 / 2` with the mean `m` and the unbiased variance `v`, the sum of
/// two squared standard scores.
///
/// At least 0, about 2 under the null law. It does not see skewness, tails or dependence. Costs `O(N)`.
///
/// @param form [Form#LEJEPA] divides the mean's term by `v`, so that it grows without bound for collapsed columns
public record VcReg(Form form) implements UnivariateTest {
    public VcReg() {
        this(Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var mean = Columns.mean(samples);
        return Columns.flat(scores(mean, Columns.variance(samples.sub(mean)), samples.dim(-2), form));
    }

    /// Both terms from mean and variance, `[..., 1, S]`.
    static Value scores(Value mean, Value variance, long n, Form form) {
        var square = form == Form.STANDARD ? mean.square() : mean.square().div(variance);
        return square.mul((double) n).add(variance.add(-1).square().mul((n - 1) / 2.0));
    }

    @Override
    public int leastSamples() {
        return 2;
    }
}
