package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;
import java.util.OptionalDouble;

/// Pools tokens by the attention of one learned query, then a perceptron with a shortcut (timm's `AttentionPoolLatent`).
///
/// @param hidden width of the perceptron
/// @param epsilon of its LayerNorm
public record AttentionPool(long dim, int heads, long hidden, Act act, double epsilon) {
    /// @param x `[N, T, dim]`
    /// @return `[N, dim]`
    public Value forward(Scope s, Value x) {
        var width = dim / heads;
        var latent = s.parameter("latent", new Init.TruncatedNormal(1 / Math.sqrt(dim)), 1, 1, dim);
        var q = Linear.timm(dim, dim, true).forward(s.at("q"), latent); // [1, 1, dim]
        var kv = Linear.timm(dim, 2 * dim, true).forward(s.at("kv"), x).split(-1, dim, dim); // [N, T, dim] each
        var context = s.within("attention of one query", () -> {
            var query = q.mul(1 / Math.sqrt(width)).reshape(1, 1, heads, width);
            var keys = kv.get(0).reshape(x.dim(0), x.dim(1), heads, width);
            var values = kv.get(1).reshape(x.dim(0), x.dim(1), heads, width);
            var scores = keys.mul(query).sum(false, 3).transpose(0, 2, 1); // [N, heads, T]
            var shares = scores.softmax().transpose(0, 2, 1).reshape(x.dim(0), x.dim(1), heads, 1);
            return values.mul(shares).sum(false, 1).reshape(x.dim(0), dim);
        });
        var y = Linear.timm(dim, dim, true).forward(s.at("proj"), context);
        var mapped = new Mlp(dim, hidden, act, true, OptionalDouble.empty())
                .forward(s.at("mlp"), new LayerNorm(dim, epsilon).forward(s.at("norm"), y));
        return s.within("AttentionPool", () -> y.add(mapped));
    }
}
