package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Watson's `U^2 = W^2 - N (mean Phi(x) - 1/2)^2`, [CramerVonMises] without what the mean of `Phi(x)` adds (Biometrika
/// 48 (1961)).
///
/// At least `1 / (12 N)`; its mean under the null law is 1/12. It sees a shift less than `W^2` does. Costs a sort,
/// `O(N)` beside it.
///
/// @param form [Form#LEJEPA] subtracts the square from that form of `W^2`, without `N`
public record Watson(Form form) implements UnivariateTest {
    public Watson() {
        this(Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var shift = Columns.cdf(samples).add(-0.5).mean(false, -2).square();
        var factor = form == Form.STANDARD ? samples.dim(-2) : 1;
        return new CramerVonMises(form).perColumn(samples).sub(shift.mul((double) factor));
    }
}
