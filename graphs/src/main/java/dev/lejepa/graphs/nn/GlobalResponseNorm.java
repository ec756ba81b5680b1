package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// Global response normalization of maps `[N, H, W, width]` (ConvNeXt V2, arXiv:2301.00808): `x + bias + weight x n`,
/// where `n` is a channel's norm over all places by the mean of these norms. `weight` and `bias` start at 0.
public record GlobalResponseNorm(long width) {
    private static final double EPSILON = 1e-6;

    /// Less than any sum of squares that has digits beside the mean. The root of 0 has no derivative; that of a channel
    /// that is 0 everywhere is 0, as torch's is.
    private static final double LEAST = 1e-30;

    /// @param x `[N, H, W, width]`
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var least = x.graph().scalar(LEAST);
            var norms = x.square().sum(true, 1, 2).max(least).sqrt(); // [N, 1, 1, width]
            var n = norms.div(norms.mean(true, 3).add(EPSILON));
            var weight = s.parameter("weight", Init.zeros(), width);
            var bias = s.parameter("bias", Init.zeros(), width);
            return x.add(x.mul(n).mul(weight).add(bias));
        });
    }

    @Override
    public String toString() {
        return "GlobalResponseNorm " + width;
    }
}
