package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.ShapeException;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Attention;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Mlp;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A Vision Transformer with timm's arguments, parameter names and initialization
/// (`timm/models/vision_transformer.py`). Images of another size than the model's share the parameters: the position
/// embedding is resampled to their grid.
///
/// @param imageHeight pixels that the position embedding is made for
/// @param imageWidth likewise
/// @param patchSize pixels per side of a patch
/// @param mlpRatio hidden width of a block's perceptron over `embedDim`
/// @param classToken whether a class token precedes the patches
/// @param globalPool what becomes of the tokens before the head
/// @param dropPathRate rate of the last block; earlier ones rise linearly from 0
/// @param numClasses width of the linear head; 0 for none
public record VisionTransformer(
        int imageHeight,
        int imageWidth,
        int patchSize,
        int embedDim,
        int depth,
        int numHeads,
        double mlpRatio,
        boolean qkvBias,
        boolean classToken,
        Pooling globalPool,
        double dropPathRate,
        int numClasses)
        implements Backbone {
    private static final double EPSILON = 1e-6;

    /// timm's `global_pool`.
    public enum Pooling {
        /// The class token.
        TOKEN,
        /// The mean of the patch tokens, normalized after pooling (`fc_norm`).
        AVG
    }

    public VisionTransformer {
        if (embedDim % numHeads != 0) {
            throw new IllegalArgumentException(
                    Text.format("embed_dim %d is no multiple of num_heads %d", embedDim, numHeads));
        }
        if (imageHeight % patchSize != 0 || imageWidth % patchSize != 0) {
            throw new IllegalArgumentException(Text.format(
                    "img_size %d x %d is no multiple of patch_size %d", imageHeight, imageWidth, patchSize));
        }
        if (globalPool == Pooling.TOKEN && !classToken) {
            throw new IllegalArgumentException("global_pool 'token' needs class_token");
        }
    }

    @Override
    public long width() {
        return embedDim;
    }

    @Override
    public long embeddingWidth() {
        return numClasses == 0 ? embedDim : numClasses;
    }

    @Override
    public Value features(Scope s, Value images) {
        var x = embed(s, images);
        for (var i = 0; i < depth; i++) {
            x = block(i).forward(s.at("blocks." + i), x);
        }
        return globalPool == Pooling.TOKEN ? norm().forward(s.at("norm"), x) : x;
    }

    @Override
    public List<Value> intermediates(Scope s, Value images, Set<Integer> blocks) {
        var taken = new ArrayList<Value>();
        var x = embed(s, images);
        for (var i = 0; i < depth; i++) {
            x = block(i).forward(s.at("blocks." + i), x);
            if (blocks.contains(i)) {
                taken.add(x);
            }
        }
        return taken;
    }

    @Override
    public Value pool(Scope s, Value tokens) {
        if (globalPool == Pooling.TOKEN) {
            return tokens.slice(1, 0, 1).reshape(tokens.dim(0), embedDim); // [N, dim]
        }
        var patches = tokens.slice(1, prefix(), tokens.dim(1));
        return norm().forward(s.at("fc_norm"), patches.mean(false, 1));
    }

    @Override
    public Value head(Scope s, Value pooled) {
        return numClasses == 0
                ? pooled
                : Linear.timm(embedDim, numClasses, true).forward(s.at("head"), pooled);
    }

    /// The position embedding for a grid of `rows` x `cols` patches.
    ///
    /// @return `[1, prefix + rows cols, dim]`
    public Value positions(Scope s, int rows, int cols) {
        var gridRows = imageHeight / patchSize;
        var gridCols = imageWidth / patchSize;
        var grid = (long) gridRows * gridCols;
        var stored = s.parameter("pos_embed", new Init.Normal(0.02), 1, prefix() + grid, embedDim);
        if (rows == gridRows && cols == gridCols) {
            return stored;
        }
        return s.within("resampling of pos_embed", () -> {
            var m = s.graph().constant(PositionResampling.matrix(gridRows, gridCols, rows, cols));
            var patches = stored.slice(1, prefix(), stored.dim(1)).reshape(grid, embedDim);
            var resampled = m.matmul(patches).reshape(1, (long) rows * cols, embedDim);
            return classToken ? Value.concat(1, List.of(stored.slice(1, 0, 1), resampled)) : resampled;
        });
    }

    /// What the first block gets: patches and class token plus their positions, `[N, T, dim]`.
    public Value embed(Scope s, Value images) {
        var rows = Math.toIntExact(images.dim(2) / patchSize);
        var cols = Math.toIntExact(images.dim(3) / patchSize);
        if (images.dim(2) % patchSize != 0 || images.dim(3) % patchSize != 0) {
            throw new ShapeException(Text.format(
                    "images of %d x %d px cannot be cut into patches of %d px",
                    images.dim(2), images.dim(3), patchSize));
        }
        var patches = patches(s.at("patch_embed.proj"), images, rows, cols);
        var positions = positions(s, rows, cols);
        if (!classToken) {
            return s.within("positions", () -> patches.add(positions));
        }
        // Zeros in the class token's place and one sum: the same numbers as a concatenation, and the batch stays free.
        var cls = s.parameter("cls_token", new Init.Normal(1e-6), 1, 1, embedDim);
        return s.within(
                "positions", () -> patches.pad(1, 1, 0).add(positions.add(cls.pad(1, 0, positions.dim(1) - 1))));
    }

    /// A convolution with kernel = stride = patch, written as one product.
    private Value patches(Scope s, Value images, int rows, int cols) {
        long p = patchSize;
        var n = images.dim(0);
        var fanIn = 3 * p * p;
        return s.within(Text.format("Conv2d 3 -> %d, %d px", embedDim, p), () -> {
            var weight = s.parameter("weight", Init.torchDefault(fanIn), embedDim, 3, p, p);
            var bias = s.parameter("bias", Init.torchDefault(fanIn), embedDim);
            return images.reshape(n, 3, rows, p, cols, p)
                    .transpose(0, 2, 4, 1, 3, 5) // [N, rows, cols, 3, p, p]
                    .reshape(n * rows * cols, fanIn)
                    .gemm(weight.reshape(embedDim, fanIn), false, true, bias)
                    .reshape(n, (long) rows * cols, embedDim); // [N, rows cols, dim]
        });
    }

    private Block block(int i) {
        var rate = depth == 1 ? 0 : dropPathRate * i / (depth - 1);
        return new Block(
                norm(),
                new Attention(embedDim, numHeads, qkvBias),
                new Mlp(embedDim, (long) (embedDim * mlpRatio)),
                new DropPath(rate));
    }

    private LayerNorm norm() {
        return new LayerNorm(embedDim, EPSILON);
    }

    private int prefix() {
        return classToken ? 1 : 0;
    }
}
