package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;

/// Multi-head self-attention as timm has it: one `qkv` projection with rows ordered `[3][head][head_dim]`, then `proj`.
public record Attention(long dim, int heads, boolean qkvBias) {
    /// @param x `[N, T, dim]`
    public Value forward(Scope s, Value x) {
        var qkv = Linear.timm(dim, 3 * dim, qkvBias).forward(s.at("qkv"), x); // [N, T, 3 dim]
        var context = s.within(this, () -> qkv.attention(heads)); // [N, T, dim]
        return Linear.timm(dim, dim, true).forward(s.at("proj"), context);
    }

    @Override
    public String toString() {
        return Text.format("Attention %d, %d heads", dim, heads);
    }
}
