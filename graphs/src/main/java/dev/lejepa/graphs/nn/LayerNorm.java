package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// Normalization over the last axis with `weight` and `bias` of `width`.
public record LayerNorm(long width, double epsilon) {
    /// @param x `[..., width]`
    public Value forward(Scope s, Value x) {
        return s.within(
                this,
                () -> x.layerNorm(
                        s.parameter("weight", Init.ones(), width), s.parameter("bias", Init.zeros(), width), epsilon));
    }

    @Override
    public String toString() {
        return "LayerNorm " + width;
    }
}
