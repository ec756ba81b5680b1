package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// The two-layer perceptron of a transformer block: `fc2(gelu(fc1(x)))`.
public record Mlp(long dim, long hidden) {
    /// @param x `[N, T, dim]`
    public Value forward(Scope s, Value x) {
        var h = Linear.timm(dim, hidden, true).forward(s.at("fc1"), x); // [N, T, hidden]
        return Linear.timm(hidden, dim, true).forward(s.at("fc2"), s.within("Gelu", h::gelu));
    }
}
