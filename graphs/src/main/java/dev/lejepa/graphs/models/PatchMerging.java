package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;

/// Halves a map: four neighbors become one place of twice the channels.
record PatchMerging(long dim, double epsilon) {
    /// @param x `[N, H, W, dim]`; a last odd row or column gets zeros beside it
    /// @return `[N, ceil(H / 2), ceil(W / 2), 2 dim]`
    Value forward(Scope s, Value x) {
        var merged = s.within("neighbors", () -> {
            var padded = x.pad(1, 0, x.dim(1) % 2).pad(2, 0, x.dim(2) % 2);
            var rows = padded.dim(1) / 2;
            var cols = padded.dim(2) / 2;
            return padded.reshape(x.dim(0), rows, 2, cols, 2, dim)
                    .transpose(0, 1, 3, 4, 2, 5) // the column of a neighbor before its row
                    .reshape(x.dim(0), rows, cols, 4 * dim);
        });
        var normed = new LayerNorm(4 * dim, epsilon).forward(s.at("norm"), merged);
        return Linear.timm(4 * dim, 2 * dim, false).forward(s.at("reduction"), normed);
    }
}
