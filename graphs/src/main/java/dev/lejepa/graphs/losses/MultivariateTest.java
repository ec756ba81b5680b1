package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// A test of samples of vectors against the standard normal law `N(0, I)`.
public sealed interface MultivariateTest extends NormalityTest permits PairwiseTest, SlicedTest {
    /// The statistic of each sample.
    ///
    /// @param samples float32 `[V, N, K]`: `V` samples of `N` vectors
    /// @param directions `[K, S]`, not normalized, if the test has [#slices()]
    /// @return `[V]`
    Value statistic(Value samples, Optional<Value> directions);

    /// What training makes small: the statistic itself, unless both its signs tell of departures.
    ///
    /// @param samples as of [#statistic]
    /// @param directions as of [#statistic]
    /// @return `[V]`
    default Value penalty(Value samples, Optional<Value> directions) {
        return statistic(samples, directions);
    }

    /// Random directions `S` that the test reads; 0 for none.
    int slices();
}
