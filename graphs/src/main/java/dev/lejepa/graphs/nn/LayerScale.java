package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// A learned factor `gamma` of each channel of a branch.
///
/// @param init of all factors
public record LayerScale(long dim, double init) {
    /// @param x `[..., dim]`
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> x.mul(s.parameter("gamma", new Init.Constant(init), dim)));
    }

    @Override
    public String toString() {
        return "LayerScale " + dim;
    }
}
