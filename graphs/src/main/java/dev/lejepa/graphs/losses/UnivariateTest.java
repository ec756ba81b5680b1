package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;

/// A test of columns against the standard normal law: differentiable, and small where a column looks normal.
public sealed interface UnivariateTest extends NormalityTest
        permits AndersonDarling,
                CramerVonMises,
                Entropy,
                EppsPulley,
                ExtendedJarqueBera,
                Moments,
                Nll,
                ShapiroWilk,
                VcReg,
                Watson {
    /// Part of the path of all nodes that a statistic is made of.
    String SCOPE = "columns";

    /// The statistic of each column.
    ///
    /// @param samples float32 `[..., N, S]`, one sample of size `N` in each column
    /// @return `[..., S]`
    /// @throws IllegalArgumentException if there are fewer than [#leastSamples()]
    default Value statistic(Value samples) {
        if (samples.dim(-2) < leastSamples()) {
            throw new IllegalArgumentException(
                    Text.format("%s needs at least %d samples, found %d", name(), leastSamples(), samples.dim(-2)));
        }
        var g = samples.graph();
        return g.at(g.scope().isEmpty() ? SCOPE : g.scope() + "." + SCOPE, name(), () -> perColumn(samples));
    }

    /// [#statistic] of enough samples.
    Value perColumn(Value samples);
}
