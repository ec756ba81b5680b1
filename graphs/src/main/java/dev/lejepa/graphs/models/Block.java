package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Attention;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FeedForward;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.LayerScale;
import dev.lejepa.graphs.nn.Scope;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A pre-norm transformer block: `x += ls1(attn(norm1(x))); x += ls2(mlp(norm2(x)))`, each branch with a drop path of
/// its own.
///
/// @param scale empty for branches that are added as they are
record Block(LayerNorm norm, Attention attn, FeedForward mlp, Optional<LayerScale> scale, DropPath dropPath) {
    /// @param x `[N, T, dim]`
    /// @param kept from all tokens to those that are wanted: the others are what these attend to, and no more
    Value forward(Scope s, Value x, UnaryOperator<Value> kept) {
        var attended = scaled(s.at("ls1"), attn.forward(s.at("attn"), norm.forward(s.at("norm1"), x), kept));
        var y = s.within("Block", () -> kept.apply(x).add(dropPath.forward(s.at("drop_path1"), attended)));
        var mapped = scaled(s.at("ls2"), mlp.forward(s.at("mlp"), norm.forward(s.at("norm2"), y)));
        return s.within("Block", () -> y.add(dropPath.forward(s.at("drop_path2"), mapped)));
    }

    /// What each token takes from each.
    ///
    /// @param x `[N, T, dim]`
    /// @return `[N, heads, T, T]`
    Value attention(Scope s, Value x) {
        return attn.weights(s.at("attn"), norm.forward(s.at("norm1"), x));
    }

    private Value scaled(Scope s, Value branch) {
        return scale.map(ls -> ls.forward(s, branch)).orElse(branch);
    }
}
