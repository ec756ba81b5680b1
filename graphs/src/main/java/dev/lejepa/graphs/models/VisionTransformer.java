package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.AttentionPool;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A Vision Transformer with timm's arguments, parameter names and initialization
/// (`timm/models/vision_transformer.py`). Images of another size than the model's share the parameters: the position
/// embedding is resampled to their grid.
///
/// @param dynamicImgSize whether images of other sizes are taken
/// @param preNorm whether tokens are normalized before the first block
/// @param finalNorm whether they are after the last one, or pooled features are
/// @param fcNorm whether it is the pooled features; empty for where `globalPool` is a mean
/// @param poolIncludePrefix whether a mean counts class token and registers
/// @param numClasses width of the linear head; 0 for none
public record VisionTransformer(
        TokenEmbedding embedding,
        boolean dynamicImgSize,
        boolean preNorm,
        TransformerBlocks transformer,
        Pooling globalPool,
        boolean finalNorm,
        Optional<Boolean> fcNorm,
        boolean poolIncludePrefix,
        int numClasses)
        implements Backbone {

    /// What timm's class is where nothing is said: ViT-B/16 for 224 px and 1000 classes.
    public static VisionTransformer standard() {
        return VisionTransformerArguments.standard();
    }

    @Override
    public String family() {
        return "vision_transformer";
    }

    @Override
    public VisionTransformer with(Arguments given) {
        return VisionTransformerArguments.read(this, given);
    }

    @Override
    public Optional<String> checkImage(int height, int width) {
        if (!dynamicImgSize && (height != imageHeight() || width != imageWidth())) {
            return Optional.of(
                    Text.format("must be model.backbone.img_size %s, as dynamic_img_size is false", embedding.image()));
        }
        return PatchMultiple.check(height, width, patchSize());
    }

    @Override
    public int imageHeight() {
        return embedding.image().height();
    }

    @Override
    public int imageWidth() {
        return embedding.image().width();
    }

    public int patchSize() {
        return embedding.patch();
    }

    @Override
    public List<String> blocks() {
        return transformer.scopes();
    }

    @Override
    public List<String> attentions() {
        return blocks().stream().map(block -> block + ".attn").toList();
    }

    @Override
    public long width() {
        return transformer.embedDim();
    }

    @Override
    public long embeddingWidth() {
        return numClasses == 0 ? width() : numClasses;
    }

    @Override
    public boolean pooled() {
        return globalPool != Pooling.NONE;
    }

    @Override
    public boolean normalizesBatches() {
        return false;
    }

    @Override
    public int prefixTokens() {
        return embedding.prefix();
    }

    @Override
    public boolean classToken() {
        return embedding.classToken();
    }

    /// The position embedding for a grid of `rows` x `cols` patches: `[1, P, dim]`.
    public Value positions(Scope s, int rows, int cols) {
        return embedding.positions(s, rows, cols);
    }

    /// The final norm, of tokens or of pooled features.
    public LayerNorm norm() {
        return transformer.norm();
    }

    /// Whether the final norm is that of pooled features.
    public boolean normsPooled() {
        return finalNorm && fcNorm.orElse(globalPool == Pooling.AVG);
    }

    /// What the first block gets, `[N, T, dim]`.
    public Value embed(Scope s, Value images) {
        var tokens = embedding.forward(s, images);
        return preNorm ? norm().forward(s.at("norm_pre"), tokens) : tokens;
    }

    @Override
    public Features.Tokens features(Scope s, Value images) {
        var x = embed(s, images);
        for (var i = 0; i < transformer.depth(); i++) {
            x = transformer.forward(s, i, x);
        }
        return normed(s, x);
    }

    @Override
    public List<Features> intermediates(Scope s, Value images, Set<Integer> chosen) {
        var taken = new ArrayList<Features>();
        var x = embed(s, images);
        for (var i = 0; i < transformer.depth(); i++) {
            x = transformer.forward(s, i, x);
            if (chosen.contains(i)) {
                taken.add(new Features.Tokens(x, embedding.prefix()));
            }
        }
        return taken;
    }

    @Override
    public Value summary(Scope s, Features block) {
        var tokens = block.tokens();
        var normed = finalNorm && !normsPooled() ? norm().forward(s.at("norm"), tokens) : tokens;
        var row = s.within(
                "summary",
                () -> classToken()
                        ? normed.slice(1, 0, 1).reshape(normed.dim(0), width())
                        : normed.slice(1, embedding.prefix(), normed.dim(1)).mean(false, 1));
        return normsPooled() ? norm().forward(s.at("fc_norm"), row) : row;
    }

    @Override
    public Optional<Value> attention(Scope s, Value images) {
        var x = embed(s, images);
        var last = transformer.depth() - 1;
        for (var i = 0; i < last; i++) {
            x = transformer.forward(s, i, x);
        }
        return Optional.of(transformer.attention(s, last, x));
    }

    @Override
    public Value pool(Scope s, Features features) {
        var tokens = features.tokens();
        var counted = poolIncludePrefix ? 0 : embedding.prefix();
        var pooled = switch (globalPool) {
            case TOKEN -> tokens.slice(1, 0, 1).reshape(tokens.dim(0), width());
            case AVG -> tokens.slice(1, counted, tokens.dim(1)).mean(false, 1);
            case MAP -> attentionPool().forward(s.at("attn_pool"), tokens.slice(1, counted, tokens.dim(1)));
            case NONE -> tokens;
        };
        return normsPooled() ? norm().forward(s.at("fc_norm"), pooled) : pooled;
    }

    /// As the parts of it say; where the class token alone is pooled, the last block makes no other.
    @Override
    public Value forward(Scope s, Value images) {
        if (globalPool != Pooling.TOKEN) {
            return Backbone.super.forward(s, images);
        }
        var x = embed(s, images);
        for (var i = 0; i < transformer.depth() - 1; i++) {
            x = transformer.forward(s, i, x);
        }
        return head(s, pool(s, normed(s, transformer.firstOfLast(s, x))));
    }

    private Features.Tokens normed(Scope s, Value tokens) {
        var normed = finalNorm && !normsPooled() ? norm().forward(s.at("norm"), tokens) : tokens;
        return new Features.Tokens(normed, embedding.prefix());
    }

    private AttentionPool attentionPool() {
        var t = transformer;
        return new AttentionPool(t.embedDim(), t.numHeads(), t.hidden(), t.act(), t.epsilon());
    }

    @Override
    public Value head(Scope s, Value pooled) {
        return numClasses == 0 ? pooled : Linear.timm(width(), numClasses, true).forward(s.at("head"), pooled);
    }
}
