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
import dev.lejepa.graphs.recipe.ImageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
/// @param dynamicImgSize whether images of other sizes are taken
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
        boolean dynamicImgSize,
        double dropPathRate,
        int numClasses)
        implements Backbone {
    private static final double EPSILON = 1e-6;

    /// timm's `global_pool`.
    public enum Pooling {
        /// The class token.
        TOKEN,
        /// The mean of the patch tokens, normalized after pooling (`fc_norm`).
        AVG,
        /// Nothing: every token is kept.
        NONE;

        static final List<String> WORDS = Stream.of(values()).map(Pooling::word).toList();

        String word() {
            return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
        }

        static Pooling of(String word) {
            return values()[WORDS.indexOf(word)];
        }
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

    /// What timm's class is where nothing is said: ViT-B/16 for 224 px and 1000 classes.
    public static VisionTransformer standard() {
        return new VisionTransformer(224, 224, 16, 768, 12, 12, 4, true, true, Pooling.TOKEN, true, 0, 1000);
    }

    @Override
    public String family() {
        return "vision_transformer";
    }

    @Override
    public VisionTransformer with(Arguments given) {
        var size = given.imageSize("img_size", new ImageSize(imageHeight, imageWidth));
        var patch = given.whole("patch_size", patchSize, 1);
        var layers = given.whole("depth", depth, 1);
        var dim = given.whole("embed_dim", embedDim, 1);
        var heads = given.whole("num_heads", numHeads, 1);
        var ratio = given.positive("mlp_ratio", mlpRatio);
        var bias = given.flag("qkv_bias", qkvBias);
        var token = given.flag("class_token", classToken);
        var pool = Pooling.of(given.word("global_pool", globalPool.word(), Pooling.WORDS));
        var dynamic = given.flag("dynamic_img_size", dynamicImgSize);
        var rate = given.rate("drop_path_rate", dropPathRate);
        var classes = given.whole("num_classes", numClasses, 0);
        multiple(size.height(), patch).or(() -> multiple(size.width(), patch)).ifPresent(rule -> {
            given.fault("img_size", Text.format("is %s, %s", size, rule));
        });
        if (dim % heads != 0) {
            given.fault("num_heads", Text.format("is %d, must divide embed_dim %d", heads, dim));
        }
        if (pool == Pooling.TOKEN && !token) {
            given.fault("global_pool", "is token, which needs class_token");
        }
        return given.faults().isEmpty()
                ? new VisionTransformer(
                        size.height(),
                        size.width(),
                        patch,
                        dim,
                        layers,
                        heads,
                        ratio,
                        bias,
                        token,
                        pool,
                        dynamic,
                        rate,
                        classes)
                : this;
    }

    @Override
    public Optional<String> checkImage(int height, int width) {
        if (!dynamicImgSize && (height != imageHeight || width != imageWidth)) {
            return Optional.of(Text.format(
                    "must be model.backbone.img_size %s, as dynamic_img_size is false",
                    new ImageSize(imageHeight, imageWidth)));
        }
        return multiple(height, patchSize).or(() -> multiple(width, patchSize));
    }

    private static Optional<String> multiple(int side, int patch) {
        if (side % patch == 0) {
            return Optional.empty();
        }
        var below = side / patch * patch;
        var nearest = below == 0 ? Integer.toString(patch) : below + " and " + (below + patch);
        return Optional.of(
                Text.format("must be a multiple of model.backbone.patch_size %d (nearest: %s)", patch, nearest));
    }

    @Override
    public List<String> blocks() {
        return IntStream.range(0, depth).mapToObj(i -> "blocks." + i).toList();
    }

    @Override
    public List<String> attentions() {
        return blocks().stream().map(block -> block + ".attn").toList();
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
    public boolean pooled() {
        return globalPool != Pooling.NONE;
    }

    @Override
    public Features.Tokens features(Scope s, Value images) {
        var x = embed(s, images);
        for (var i = 0; i < depth; i++) {
            x = block(i).forward(s.at("blocks." + i), x);
        }
        return new Features.Tokens(globalPool == Pooling.AVG ? x : norm().forward(s.at("norm"), x), prefix());
    }

    @Override
    public List<Features> intermediates(Scope s, Value images, Set<Integer> chosen) {
        var taken = new ArrayList<Features>();
        var x = embed(s, images);
        for (var i = 0; i < depth; i++) {
            x = block(i).forward(s.at("blocks." + i), x);
            if (chosen.contains(i)) {
                taken.add(new Features.Tokens(x, prefix()));
            }
        }
        return taken;
    }

    @Override
    public Value pool(Scope s, Features features) {
        var tokens = features.tokens();
        return switch (globalPool) {
            case TOKEN -> tokens.slice(1, 0, 1).reshape(tokens.dim(0), embedDim);
            case AVG -> {
                var patches = tokens.slice(1, prefix(), tokens.dim(1));
                yield norm().forward(s.at("fc_norm"), patches.mean(false, 1));
            }
            case NONE -> tokens;
        };
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
