package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// What a transformer block computes of each token alone.
public sealed interface FeedForward permits Mlp, GluMlp {
    /// @param x `[N, T, dim]`
    /// @return `[N, T, dim]`
    Value forward(Scope s, Value x);
}
