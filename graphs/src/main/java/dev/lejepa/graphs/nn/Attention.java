package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/// Multi-head self-attention as timm has it: one `qkv` projection with rows ordered `[3][head][head_dim]`, then `proj`.
///
/// @param qkNorm epsilon of LayerNorms of each head's queries and keys; empty for none
/// @param scaleNorm epsilon of a LayerNorm before `proj`; empty for none
public record Attention(
        long dim, int heads, boolean qkvBias, boolean projBias, OptionalDouble qkNorm, OptionalDouble scaleNorm) {
    /// @param x `[N, T, dim]`
    public Value forward(Scope s, Value x) {
        return forward(s, x, UnaryOperator.identity());
    }

    /// @param x `[N, T, dim]`, all of which each token attends to
    /// @param kept from all tokens to those that are wanted
    public Value forward(Scope s, Value x, UnaryOperator<Value> kept) {
        var qkv = projected(s, x);
        var context = s.within(this, () -> kept.apply(qkv.attention(heads)));
        var scaled = scaleNorm.isPresent()
                ? new LayerNorm(dim, scaleNorm.getAsDouble()).forward(s.at("norm"), context)
                : context;
        return Linear.timm(dim, dim, projBias).forward(s.at("proj"), scaled);
    }

    /// What each token takes from each, as the softmax has it.
    ///
    /// @param x `[N, T, dim]`
    /// @return `[N, heads, T, T]`; rows sum to 1
    public Value weights(Scope s, Value x) {
        var qkv = projected(s, x);
        return s.within(this, () -> {
            var width = dim / heads;
            var parts = qkv.split(-1, dim, dim, dim).stream()
                    .map(part ->
                            part.reshape(part.dim(0), part.dim(1), heads, width).transpose(0, 2, 1, 3))
                    .toList(); // [N, heads, T, d]
            return parts.get(0)
                    .matmul(parts.get(1), false, true, 1 / Math.sqrt(width))
                    .softmax();
        });
    }

    /// Queries, keys and values, `[N, T, 3 dim]`.
    private Value projected(Scope s, Value x) {
        var qkv = Linear.timm(dim, 3 * dim, qkvBias).forward(s.at("qkv"), x);
        return qkNorm.isPresent() ? normed(s, qkv, qkNorm.getAsDouble()) : qkv;
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
