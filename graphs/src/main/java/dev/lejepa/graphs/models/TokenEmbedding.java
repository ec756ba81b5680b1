package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.PatchEmbed;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.ImageSize;
import java.util.ArrayList;
import java.util.List;

/// From an image to the tokens of a vision transformer: class token, registers and patches, with positions.
///
/// @param image size that the positions are made for; images of other sizes get resampled ones
/// @param patch pixels per side of a patch
/// @param patchBias whether the projection of patches has a bias
/// @param classToken whether a class token comes first
/// @param registers tokens after it that stand for nothing
/// @param noEmbedClass whether positions are those of patches alone
record TokenEmbedding(
        ImageSize image,
        int patch,
        int dim,
        boolean patchBias,
        boolean classToken,
        int registers,
        boolean noEmbedClass) {

    /// Tokens before those of patches.
    int prefix() {
        return (classToken ? 1 : 0) + registers;
    }

    /// @param images `[N, 3, H, W]`
    /// @return `[N, T, dim]`
    Value forward(Scope s, Value images) {
        var patches = new PatchEmbed(patch, dim, patchBias).forward(s.at("patch_embed.proj"), images);
        var rows = Math.toIntExact(images.dim(2) / patch);
        var cols = Math.toIntExact(images.dim(3) / patch);
        var positions = positions(s, rows, cols);
        if (prefix() == 0) {
            return s.within("positions", () -> patches.add(positions));
        }
        // Zeros in the places of the prefix and one sum: the same numbers as a concatenation, and the batch stays free.
        var first = first(s);
        return s.within("positions", () -> {
            var all = noEmbedClass ? positions.pad(1, prefix(), 0) : positions;
            return patches.pad(1, prefix(), 0).add(all.add(first.pad(1, 0, (long) rows * cols)));
        });
    }

    /// @return `[1, prefix, dim]`
    private Value first(Scope s) {
        var tokens = new ArrayList<Value>();
        if (classToken) {
            tokens.add(s.parameter("cls_token", new Init.Normal(1e-6), 1, 1, dim));
        }
        if (registers > 0) {
            tokens.add(s.parameter("reg_token", new Init.Normal(1e-6), 1, registers, dim));
        }
        return s.within("prefix", () -> Value.concat(1, tokens));
    }

    /// The position embedding for a grid of `rows` x `cols` patches.
    ///
    /// @return `[1, rows cols, dim]`, with those of the prefix before them unless `noEmbedClass`
    Value positions(Scope s, int rows, int cols) {
        var gridRows = image.height() / patch;
        var gridCols = image.width() / patch;
        var grid = (long) gridRows * gridCols;
        var kept = noEmbedClass ? 0 : prefix();
        var stored = s.parameter("pos_embed", new Init.Normal(0.02), 1, kept + grid, dim);
        if (rows == gridRows && cols == gridCols) {
            return stored;
        }
        return s.within("resampling of pos_embed", () -> {
            var m = s.graph().constant(PositionResampling.matrix(gridRows, gridCols, rows, cols));
            var patches = stored.slice(1, kept, stored.dim(1)).reshape(grid, dim);
            var resampled = m.matmul(patches).reshape(1, (long) rows * cols, dim);
            return kept == 0 ? resampled : Value.concat(1, List.of(stored.slice(1, 0, kept), resampled));
        });
    }
}
