package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Attention;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Mlp;
import dev.lejepa.graphs.nn.Scope;

/// A pre-norm transformer block: `x += attn(norm1(x)); x += mlp(norm2(x))`, each branch with a drop path of its own.
record Block(LayerNorm norm, Attention attn, Mlp mlp, DropPath dropPath) {
    /// @param x `[N, T, dim]`
    Value forward(Scope s, Value x) {
        var attended = attn.forward(s.at("attn"), norm.forward(s.at("norm1"), x));
        var y = s.within("Block", () -> x.add(dropPath.forward(s.at("drop_path1"), attended)));
        var mapped = mlp.forward(s.at("mlp"), norm.forward(s.at("norm2"), y));
        return s.within("Block", () -> y.add(dropPath.forward(s.at("drop_path2"), mapped)));
    }
}
