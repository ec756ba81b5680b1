package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Mlp;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.WindowAttention;

/// A block of a Swin transformer: `x += attn(norm1(x)); x += mlp(norm2(x))` with attention inside of windows.
///
/// @param shiftDown places that windows are shifted by
record SwinBlock(LayerNorm norm, WindowAttention attn, int shiftDown, int shiftRight, Mlp mlp, DropPath dropPath) {
    /// @param x `[N, H, W, dim]`
    Value forward(Scope s, Value x) {
        var windows = new ShiftedWindows(x.dim(1), x.dim(2), attn.height(), attn.width(), shiftDown, shiftRight);
        var normed = norm.forward(s.at("norm1"), x);
        var cut = s.within("windows", () -> windows.cut(normed));
        var attended = attn.forward(s.at("attn"), cut, windows.mask());
        var joined = s.within("windows", () -> windows.join(attended));
        var y = s.within("Block", () -> x.add(dropPath.forward(s.at("drop_path1"), joined)));
        var mapped = mlp.forward(s.at("mlp"), norm.forward(s.at("norm2"), y));
        return s.within("Block", () -> y.add(dropPath.forward(s.at("drop_path2"), mapped)));
    }
}
