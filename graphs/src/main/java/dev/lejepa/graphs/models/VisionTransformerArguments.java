package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.recipe.ImageSize;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// timm's arguments of a vision transformer.
final class VisionTransformerArguments {
    private static final List<Act> ACTIVATIONS = List.of(Act.GELU, Act.GELU_TANH, Act.QUICK_GELU, Act.SILU, Act.RELU);

    private VisionTransformerArguments() {}

    /// What timm's class is where nothing is said: ViT-B/16 for 224 px and 1000 classes.
    static VisionTransformer standard() {
        return new VisionTransformer(
                new TokenEmbedding(ImageSize.square(224), 16, 768, true, true, 0, false),
                true,
                false,
                new TransformerBlocks(
                        768,
                        12,
                        12,
                        4,
                        true,
                        false,
                        false,
                        false,
                        true,
                        OptionalDouble.empty(),
                        Act.GELU,
                        false,
                        1e-6,
                        0),
                Pooling.TOKEN,
                true,
                Optional.empty(),
                false,
                1000);
    }

    /// The model with the given arguments in the places of its own; itself where there are faults.
    static VisionTransformer read(VisionTransformer own, Arguments given) {
        var e = own.embedding();
        var t = own.transformer();
        var size = given.imageSize("img_size", e.image());
        var patch = given.whole("patch_size", e.patch(), 1);
        var depth = given.whole("depth", t.depth(), 1);
        var dim = given.whole("embed_dim", t.embedDim(), 1);
        var heads = given.whole("num_heads", t.numHeads(), 1);
        var ratio = given.positive("mlp_ratio", t.mlpRatio());
        var bias = given.flag("qkv_bias", t.qkvBias());
        var qkNorm = given.flag("qk_norm", t.qkNorm());
        var scaleAttn = given.flag("scale_attn_norm", t.scaleAttnNorm());
        var scaleMlp = given.flag("scale_mlp_norm", t.scaleMlpNorm());
        var projBias = given.flag("proj_bias", t.projBias());
        var scale = given.positive("init_values", t.initValues());
        var act = given.word("act_layer", t.act(), ACTIVATIONS, Act::word);
        var token = given.flag("class_token", e.classToken());
        var registers = given.whole("reg_tokens", e.registers(), 0);
        var noEmbedClass = given.flag("no_embed_class", e.noEmbedClass());
        var pre = given.flag("pre_norm", own.preNorm());
        var pool = given.word("global_pool", own.globalPool(), List.of(Pooling.values()), Pooling::word);
        var norm = given.flag("final_norm", own.finalNorm());
        var fc = given.flag("fc_norm", own.fcNorm());
        var includePrefix = given.flag("pool_include_prefix", own.poolIncludePrefix());
        var dynamic = given.flag("dynamic_img_size", own.dynamicImgSize());
        var rate = given.rate("drop_path_rate", t.dropPathRate());
        var classes = given.whole("num_classes", own.numClasses(), 0);
        var gated = given.ofTable("mlp_layer", t.gated() ? "swiglu" : "mlp").equals("swiglu");
        var epsilon = Double.parseDouble(given.ofTable("norm_eps", Double.toString(t.epsilon())));
        PatchMultiple.check(size.height(), size.width(), patch)
                .ifPresent(rule -> given.fault("img_size", Text.format("is %s, %s", size, rule)));
        if (dim % heads != 0) {
            given.fault("num_heads", Text.format("is %d, must divide embed_dim %d", heads, dim));
        }
        if (pool == Pooling.TOKEN && !token) {
            given.fault("global_pool", "is token, which needs class_token");
        }
        if (!given.faults().isEmpty()) {
            return own;
        }
        return new VisionTransformer(
                new TokenEmbedding(size, patch, dim, !pre, token, registers, noEmbedClass),
                dynamic,
                pre,
                new TransformerBlocks(
                        dim, depth, heads, ratio, bias, qkNorm, scaleAttn, scaleMlp, projBias, scale, act, gated,
                        epsilon, rate),
                pool,
                norm,
                fc,
                includePrefix,
                classes);
    }
}
