package dev.lejepa.graphs.pretrained;

import static dev.lejepa.graphs.pretrained.Rearrangement.CONVOLUTION;
import static dev.lejepa.graphs.pretrained.Rearrangement.HEADS;
import static dev.lejepa.graphs.pretrained.Rearrangement.INTO_HEADS;
import static dev.lejepa.graphs.pretrained.Rearrangement.LINEAR;
import static dev.lejepa.graphs.pretrained.Rearrangement.OUT_OF_HEADS;

import java.util.List;

/// How makers of weights name the layers that timm names otherwise. A line holds for every block.
enum Naming {
    /// timm's names, and those of Facebook's checkpoints of DINOv2, I-JEPA and DeiT-III, which are nearly the same.
    TIMM(
            "timm's names",
            true,
            List.of(
                    // DINOv2 in chunks of blocks: the second number counts through all of them
                    NameRule.of("blocks\\.\\d+\\.(\\d+)\\.(.+)", "blocks.$1.$2"),
                    NameRule.of("register_tokens", "reg_token"),
                    NameRule.of("(.+\\.mlp)\\.w12\\.(weight|bias)", "$1.fc1.$2"),
                    NameRule.of("(.+\\.mlp)\\.w3\\.(weight|bias)", "$1.fc2.$2"),
                    NameRule.of("(blocks\\.\\d+)\\.gamma_(\\d)", "$1.ls$2.gamma"),
                    NameRule.part(0, 3, "(.+\\.attn)\\.(?:q|q_proj|query)\\.(weight|bias)", "$1.qkv.$2"),
                    NameRule.part(1, 3, "(.+\\.attn)\\.(?:k|k_proj|key)\\.(weight|bias)", "$1.qkv.$2"),
                    NameRule.part(2, 3, "(.+\\.attn)\\.(?:v|v_proj|value)\\.(weight|bias)", "$1.qkv.$2"))),

    /// ViT, DeiT, MAE, DINOv2 (with registers or not) and I-JEPA in Hugging Face's transformers, before version 5 and
    /// since.
    TRANSFORMERS(
            "Hugging Face's names",
            false,
            List.of(
                    NameRule.of("embeddings\\.cls_token", "cls_token"),
                    NameRule.of("embeddings\\.register_tokens", "reg_token"),
                    NameRule.of("embeddings\\.position_embeddings", "pos_embed"),
                    NameRule.of("embeddings\\.patch_embeddings\\.projection\\.(weight|bias)", "patch_embed.proj.$1"),
                    NameRule.part(0, 3, layer("attention\\.(?:attention\\.query|q_proj)"), "blocks.$1.attn.qkv.$2"),
                    NameRule.part(1, 3, layer("attention\\.(?:attention\\.key|k_proj)"), "blocks.$1.attn.qkv.$2"),
                    NameRule.part(2, 3, layer("attention\\.(?:attention\\.value|v_proj)"), "blocks.$1.attn.qkv.$2"),
                    NameRule.of(layer("attention\\.(?:output\\.dense|o_proj)"), "blocks.$1.attn.proj.$2"),
                    NameRule.of(layer("(?:layernorm_before|norm1)"), "blocks.$1.norm1.$2"),
                    NameRule.of(layer("(?:layernorm_after|norm2)"), "blocks.$1.norm2.$2"),
                    NameRule.of(layer("(?:intermediate\\.dense|mlp\\.fc1|mlp\\.weights_in)"), "blocks.$1.mlp.fc1.$2"),
                    NameRule.part(0, 2, layer("mlp\\.gate_proj"), "blocks.$1.mlp.fc1.$2"),
                    NameRule.part(1, 2, layer("mlp\\.up_proj"), "blocks.$1.mlp.fc1.$2"),
                    NameRule.of(
                            layer("(?:output\\.dense|mlp\\.fc2|mlp\\.weights_out|mlp\\.down_proj)"),
                            "blocks.$1.mlp.fc2.$2"),
                    NameRule.of("(?:encoder\\.)?layers?\\.(\\d+)\\.layer_scale(\\d)\\.lambda1", "blocks.$1.ls$2.gamma"),
                    NameRule.of("layernorm\\.(weight|bias)", "norm.$1"),
                    NameRule.of("classifier\\.(weight|bias)", "head.$1"))),

    /// Google's ViT in JAX: products and convolutions have their inputs first, attention its heads apart.
    JAX(
            "JAX's names",
            false,
            List.of(
                    NameRule.of("cls", "cls_token"),
                    NameRule.of("(?:Transformer\\.posembed_input\\.)?pos_embedding", "pos_embed"),
                    NameRule.of("embedding\\.kernel", "patch_embed.proj.weight", CONVOLUTION),
                    NameRule.of("embedding\\.bias", "patch_embed.proj.bias"),
                    NameRule.of("Transformer\\.encoder_norm\\.scale", "norm.weight"),
                    NameRule.of("Transformer\\.encoder_norm\\.bias", "norm.bias"),
                    NameRule.of(block("LayerNorm_0\\.scale"), "blocks.$1.norm1.weight"),
                    NameRule.of(block("LayerNorm_0\\.bias"), "blocks.$1.norm1.bias"),
                    NameRule.of(block("LayerNorm_[12]\\.scale"), "blocks.$1.norm2.weight"),
                    NameRule.of(block("LayerNorm_[12]\\.bias"), "blocks.$1.norm2.bias"),
                    NameRule.part(0, 3, attention("query\\.kernel"), "blocks.$1.attn.qkv.weight", INTO_HEADS),
                    NameRule.part(1, 3, attention("key\\.kernel"), "blocks.$1.attn.qkv.weight", INTO_HEADS),
                    NameRule.part(2, 3, attention("value\\.kernel"), "blocks.$1.attn.qkv.weight", INTO_HEADS),
                    NameRule.part(0, 3, attention("query\\.bias"), "blocks.$1.attn.qkv.bias", HEADS),
                    NameRule.part(1, 3, attention("key\\.bias"), "blocks.$1.attn.qkv.bias", HEADS),
                    NameRule.part(2, 3, attention("value\\.bias"), "blocks.$1.attn.qkv.bias", HEADS),
                    NameRule.of(attention("out\\.kernel"), "blocks.$1.attn.proj.weight", OUT_OF_HEADS),
                    NameRule.of(attention("out\\.bias"), "blocks.$1.attn.proj.bias"),
                    NameRule.of(block("MlpBlock_\\d\\.Dense_0\\.kernel"), "blocks.$1.mlp.fc1.weight", LINEAR),
                    NameRule.of(block("MlpBlock_\\d\\.Dense_0\\.bias"), "blocks.$1.mlp.fc1.bias"),
                    NameRule.of(block("MlpBlock_\\d\\.Dense_1\\.kernel"), "blocks.$1.mlp.fc2.weight", LINEAR),
                    NameRule.of(block("MlpBlock_\\d\\.Dense_1\\.bias"), "blocks.$1.mlp.fc2.bias"),
                    NameRule.of("head\\.kernel", "head.weight", LINEAR),
                    NameRule.of("head\\.bias", "head.bias")));

    private final String words;
    private final boolean keepsOthers;
    private final List<NameRule> rules;

    /// @param keepsOthers whether a name that no rule speaks of is timm's own
    Naming(String words, boolean keepsOthers, List<NameRule> rules) {
        this.words = words;
        this.keepsOthers = keepsOthers;
        this.rules = rules;
    }

    private static String layer(String name) {
        return "(?:encoder\\.)?layers?\\.(\\d+)\\." + name + "\\.(weight|bias)";
    }

    private static String block(String name) {
        return "Transformer\\.encoderblock_(\\d+)\\." + name;
    }

    private static String attention(String name) {
        return block("MultiHeadDotProductAttention_\\d\\." + name);
    }

    /// What messages call it.
    String words() {
        return words;
    }

    /// Whether names that no rule speaks of are timm's own.
    boolean keepsOthers() {
        return keepsOthers;
    }

    List<NameRule> rules() {
        return rules;
    }
}
