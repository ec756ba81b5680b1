package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// Stochastic depth per sample: a branch is dropped with probability `rate`, else divided by `1 - rate`.
public record DropPath(double rate) {
    /// @param branch `[N, ...]`
    public Value forward(Scope s, Value branch) {
        if (!s.training() || rate == 0) {
            return branch;
        }
        var keep = 1 - rate;
        var shape = new long[branch.shape().rank()];
        java.util.Arrays.fill(shape, 1);
        shape[0] = branch.dim(0);
        return s.within(this, () -> branch.mul(s.draw("mask", new Distribution.Bernoulli(keep, 1 / keep), shape)));
    }

    @Override
    public String toString() {
        return "DropPath " + rate;
    }
}
