package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// Multi-head self-attention as timm has it: one `qkv` projection with rows ordered `[3][head][head_dim]`, then `proj`.
public record Attention(long dim, int heads, boolean qkvBias) {
    /// @param x `[N, T, dim]`
    public Value forward(Scope s, Value x) {
        var qkv = Linear.timm(dim, 3 * dim, qkvBias).forward(s.at("qkv"), x); // [N, T, 3 dim]
        var context = s.within(this, () -> attend(qkv)); // [N, T, dim]
        return Linear.timm(dim, dim, true).forward(s.at("proj"), context);
    }

    private Value attend(Value qkv) {
        var n = qkv.dim(0);
        var t = qkv.dim(1);
        var d = dim / heads;
        var parts = heads(qkv, n, t, d);
        var q = parts.get(0);
        var k = parts.get(1);
        var v = parts.get(2);
        var weights = q.matmul(k, false, true, 1 / Math.sqrt(d)).softmax(); // [N, H, T, T]
        return weights.matmul(v).transpose(0, 2, 1, 3).reshape(n, t, dim); // [N, T, dim]
    }

    private List<Value> heads(Value qkv, long n, long t, long d) {
        return qkv
                .reshape(n, t, 3, heads, d) // [N, T, 3, H, d]
                .transpose(0, 2, 3, 1, 4) // [N, 3, H, T, d]
                .split(1, 1, 1, 1)
                .stream()
                .map(p -> p.reshape(n, heads, t, d)) // [N, H, T, d]
                .toList();
    }

    @Override
    public String toString() {
        return "Attention %d, %d heads".formatted(dim, heads);
    }
}
