package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Cramér and von Mises' `W^2 = 1 / (12 N) + sum_i (Phi(x_(i)) - (2i - 1) / (2N))^2` (Anderson, Encyclopedia of
/// Statistical Sciences 2 (1982)).
///
/// Between `1 / (12 N)` and `N / 3`; its mean under the null law is 1/6. Its gradient vanishes for values far out, where
/// `Phi` is flat. Costs a sort, `O(N)` beside it.
///
/// @param form [Form#LEJEPA] is the mean of the squares alone, which tends to 0 with growing `N`
public record CramerVonMises(Form form) implements UnivariateTest {
    public CramerVonMises() {
        this(Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var n = samples.dim(-2);
        var rank = Columns.constant(samples.graph(), n, i -> (2.0 * i + 1) / (2 * n));
        var mean = Columns.cdf(samples.sort()).sub(rank).square().mean(false, -2);
        return switch (form) {
            case STANDARD -> mean.mul((double) n).add(1 / (12.0 * n));
            case LEJEPA -> mean;
        };
    }
}
