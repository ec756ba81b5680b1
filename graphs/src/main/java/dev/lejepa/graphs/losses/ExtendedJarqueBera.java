package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Mean, variance, skewness and kurtosis: [VcReg] plus Jarque and Bera's `N/6 (g_1^2 + (g_2 - 3)^2 / 4)` (Economics
/// Letters 6 (1980)), with `g_1` and `g_2` the third and fourth moments of standardized values.
///
/// At least 0; tends to a chi-squared law of four degrees of freedom under the null law, slowly in the kurtosis. Costs
/// `O(N)`.
///
/// @param form [Form#LEJEPA] has that form of [VcReg], and standardizes by the unbiased deviation
public record ExtendedJarqueBera(Form form) implements UnivariateTest {
    /// Deviations below count as this, so that a collapsed column has a finite statistic.
    private static final double LEAST_DEVIATION = 1e-8;

    public ExtendedJarqueBera() {
        this(Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var n = samples.dim(-2);
        var mean = Columns.mean(samples);
        var centered = samples.sub(mean);
        var variance = Columns.variance(centered);
        var spread = form == Form.STANDARD ? variance.mul((n - 1.0) / n) : variance;
        var z = centered.div(Columns.atLeast(spread.sqrt(), LEAST_DEVIATION));
        var square = z.square();
        var skewness = Columns.mean(square.mul(z));
        var excess = Columns.mean(square.square()).add(-3);
        var shape = skewness.square().add(excess.square().mul(0.25)).mul(n / 6.0);
        return Columns.flat(VcReg.scores(mean, variance, n, form).add(shape));
    }

    @Override
    public int leastSamples() {
        return 2;
    }
}
