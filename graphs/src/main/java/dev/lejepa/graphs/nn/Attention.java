package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.OptionalDouble;

/// Multi-head self-attention as timm has it: one `qkv` projection with rows ordered `[3][head][head_dim]`, then `proj`.
///
/// @param qkNorm epsilon of LayerNorms of each head's queries and keys; empty for none
/// @param scaleNorm epsilon of a LayerNorm before `proj`; empty for none
public record Attention(
        long dim, int heads, boolean qkvBias, boolean projBias, OptionalDouble qkNorm, OptionalDouble scaleNorm) {
    /// @param x `[N, T, dim]`
    public Value forward(Scope s, Value x) {
        var qkv = Linear.timm(dim, 3 * dim, qkvBias).forward(s.at("qkv"), x); // [N, T, 3 dim]
        var normed = qkNorm.isPresent() ? normed(s, qkv, qkNorm.getAsDouble()) : qkv;
        var context = s.within(this, () -> normed.attention(heads)); // [N, T, dim]
        var scaled = scaleNorm.isPresent()
                ? new LayerNorm(dim, scaleNorm.getAsDouble()).forward(s.at("norm"), context)
                : context;
        return Linear.timm(dim, dim, projBias).forward(s.at("proj"), scaled);
    }

    private Value normed(Scope s, Value qkv, double epsilon) {
        var width = dim / heads;
        var norm = new LayerNorm(width, epsilon);
        var parts = s.within(
                this,
                () -> qkv.split(-1, dim, dim, dim).stream()
                        .map(part -> part.reshape(part.dim(0), part.dim(1), heads, width))
                        .toList());
        var q = norm.forward(s.at("q_norm"), parts.get(0));
        var k = norm.forward(s.at("k_norm"), parts.get(1));
        return s.within(this, () -> Value.concat(2, List.of(q, k, parts.get(2))).reshape(q.dim(0), q.dim(1), 3 * dim));
    }

    @Override
    public String toString() {
        return Text.format("Attention %d, %d heads", dim, heads);
    }
}
