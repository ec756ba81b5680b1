package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// A test over all pairs of a sample's vectors. What it adds up is stated once, as a [PairFormula]: from it comes the
/// graph over the whole sample here, and a program that goes through the pairs in blocks.
public sealed interface PairwiseTest extends MultivariateTest permits Bhep, BhepM, Comb, HenzeZirkler, Hv {
    /// The statistic of a sample.
    ///
    /// @param n vectors of the sample
    /// @param k their width
    PairFormula formula(long n, long k);

    @Override
    default Value statistic(Value samples, Optional<Value> directions) {
        return formula(samples.dim(1), samples.dim(2)).whole(samples);
    }

    @Override
    default int slices() {
        return 0;
    }
}
