package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Mlp;
import dev.lejepa.graphs.nn.PatchEmbed;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.WindowAttention;
import dev.lejepa.graphs.recipe.ImageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A Swin transformer with timm's arguments, parameter names and initialization (`timm/models/swin_transformer.py`).
/// Windows are made for the model's own image size; images of other sizes share them and get masks of their own.
///
/// @param embedDim channels of the first stage; each later one has twice those before
/// @param depths blocks of each stage
/// @param numHeads of each stage
/// @param windowSizes of each stage, in places per side
/// @param pooled whether the last map is averaged
/// @param dynamicImgSize whether images of other sizes are taken
/// @param dropPathRate rate of the last block; earlier ones rise linearly from 0
/// @param numClasses width of the linear head; 0 for none
public record SwinTransformer(
        ImageSize image,
        int patchSize,
        int embedDim,
        List<Integer> depths,
        List<Integer> numHeads,
        List<Integer> windowSizes,
        double mlpRatio,
        boolean qkvBias,
        boolean pooled,
        boolean dynamicImgSize,
        double dropPathRate,
        int numClasses)
        implements Backbone {
    private static final double EPSILON = 1e-5;
    private static final List<Pooling> POOLINGS = List.of(Pooling.AVG, Pooling.NONE);

    /// What timm's class is where nothing is said: Swin-T for 224 px and 1000 classes.
    static SwinTransformer standard() {
        return new SwinTransformer(
                ImageSize.square(224),
                4,
                96,
                List.of(2, 2, 6, 2),
                List.of(3, 6, 12, 24),
                List.of(7, 7, 7, 7),
                4,
                true,
                true,
                true,
                0.1,
                1000);
    }

    @Override
    public String family() {
        return "swin_transformer";
    }

    @Override
    public SwinTransformer with(Arguments given) {
        var size = given.imageSize("img_size", image);
        var patch = given.whole("patch_size", patchSize, 1);
        var dim = given.whole("embed_dim", embedDim, 1);
        var blocks = given.wholes("depths", depths, 1);
        var heads = given.wholes("num_heads", numHeads, 1, blocks.size());
        var windows = given.wholes("window_size", windowSizes, 1, blocks.size());
        var ratio = given.positive("mlp_ratio", mlpRatio);
        var bias = given.flag("qkv_bias", qkvBias);
        var pool = given.word("global_pool", pooled ? Pooling.AVG : Pooling.NONE, POOLINGS, Pooling::word);
        var dynamic = given.flag("dynamic_img_size", dynamicImgSize);
        var rate = given.rate("drop_path_rate", dropPathRate);
        var classes = given.whole("num_classes", numClasses, 0);
        PatchMultiple.check(size.height(), size.width(), patch)
                .ifPresent(rule -> given.fault("img_size", Text.format("is %s, %s", size, rule)));
        for (var i = 0; i < Math.min(blocks.size(), heads.size()); i++) {
            if (((long) dim << i) % heads.get(i) != 0) {
                given.fault("num_heads", Text.format("is %s, must divide the stages' %d 2^i channels", heads, dim));
                break;
            }
        }
        return given.faults().isEmpty()
                ? new SwinTransformer(
                        size,
                        patch,
                        dim,
                        blocks,
                        heads,
                        windows,
                        ratio,
                        bias,
                        pool == Pooling.AVG,
                        dynamic,
                        rate,
                        classes)
                : this;
    }

    @Override
    public int imageHeight() {
        return image.height();
    }

    @Override
    public int imageWidth() {
        return image.width();
    }

    @Override
    public Optional<String> checkImage(int height, int width) {
        if (!dynamicImgSize && (height != image.height() || width != image.width())) {
            return Optional.of(Text.format("must be model.backbone.img_size %s, as dynamic_img_size is false", image));
        }
        return PatchMultiple.check(height, width, patchSize);
    }

    @Override
    public long width() {
        return dim(depths.size() - 1);
    }

    @Override
    public long embeddingWidth() {
        return numClasses == 0 ? width() : numClasses;
    }

    private long dim(int stage) {
        return (long) embedDim << stage;
    }

    @Override
    public List<String> blocks() {
        var scopes = new ArrayList<String>();
        for (var stage = 0; stage < depths.size(); stage++) {
            for (var i = 0; i < depths.get(stage); i++) {
                scopes.add(Text.format("layers.%d.blocks.%d", stage, i));
            }
        }
        return scopes;
    }

    @Override
    public List<String> attentions() {
        return blocks().stream().map(block -> block + ".attn").toList();
    }

    @Override
    public Features features(Scope s, Value images) {
        return map(normed(s, run(s, images, Set.of()).getLast()));
    }

    private Value normed(Scope s, Value map) {
        return new LayerNorm(width(), EPSILON).forward(s.at("norm"), map);
    }

    @Override
    public Value summary(Scope s, Features block) {
        var normed = normed(s, block.tokens());
        return s.within("mean of places", () -> normed.mean(false, 1));
    }

    /// None: tokens attend to those of their window alone.
    @Override
    public Optional<Value> attention(Scope s, Value images) {
        return Optional.empty();
    }

    @Override
    public boolean normalizesBatches() {
        return false;
    }

    @Override
    public int prefixTokens() {
        return 0;
    }

    @Override
    public boolean classToken() {
        return false;
    }

    @Override
    public List<Features> intermediates(Scope s, Value images, Set<Integer> chosen) {
        return run(s, images, chosen).stream()
                .limit(chosen.size())
                .map(SwinTransformer::map)
                .toList();
    }

    private static Features map(Value value) {
        return new Features.FeatureMap(value, ImageLayout.NHWC);
    }

    /// The outputs of chosen blocks and then that of the last one, `[N, H, W, C]` each.
    private List<Value> run(Scope s, Value images, Set<Integer> chosen) {
        var taken = new ArrayList<Value>();
        var x = embed(s.at("patch_embed"), images);
        var number = 0;
        for (var stage = 0; stage < depths.size(); stage++) {
            var layer = s.at("layers." + stage);
            if (stage > 0) {
                x = new PatchMerging(dim(stage - 1), EPSILON).forward(layer.at("downsample"), x);
            }
            for (var i = 0; i < depths.get(stage); i++) {
                x = block(stage, i, number).forward(layer.at("blocks." + i), x);
                if (chosen.contains(number++)) {
                    taken.add(x);
                }
            }
        }
        taken.add(x);
        return taken;
    }

    /// @return `[N, H, W, embedDim]`
    private Value embed(Scope s, Value images) {
        var patches = new PatchEmbed(patchSize, embedDim, true).forward(s.at("proj"), images);
        var map = s.within(
                "map",
                () -> patches.reshape(
                        images.dim(0), images.dim(2) / patchSize, images.dim(3) / patchSize, (long) embedDim));
        return new LayerNorm(embedDim, EPSILON).forward(s.at("norm"), map);
    }

    /// @param number of the block among all
    private SwinBlock block(int stage, int i, int number) {
        var total = depths.stream().mapToInt(d -> d).sum();
        var window = windowSizes.get(stage);
        var rows = places(image.height(), stage);
        var cols = places(image.width(), stage);
        var shift = i % 2 == 0 ? 0 : window / 2;
        return new SwinBlock(
                new LayerNorm(dim(stage), EPSILON),
                new WindowAttention(
                        dim(stage), numHeads.get(stage), Math.min(rows, window), Math.min(cols, window), qkvBias),
                // one window holds all
                rows <= window ? 0 : shift,
                cols <= window ? 0 : shift,
                new Mlp(dim(stage), (long) (dim(stage) * mlpRatio)),
                new DropPath(total == 1 ? 0 : dropPathRate * number / (total - 1)));
    }

    /// Places along a side of a stage's map, for images of the model's own size.
    private int places(int pixels, int stage) {
        var places = pixels / patchSize;
        for (var i = 0; i < stage; i++) {
            places = (places + 1) / 2;
        }
        return places;
    }

    @Override
    public Value pool(Scope s, Features features) {
        var tokens = features.tokens();
        return pooled ? s.within("mean of places", () -> tokens.mean(false, 1)) : tokens;
    }

    @Override
    public Value head(Scope s, Value features) {
        return numClasses == 0
                ? features
                : Linear.timm(width(), numClasses, true).forward(s.at("head.fc"), features);
    }
}
