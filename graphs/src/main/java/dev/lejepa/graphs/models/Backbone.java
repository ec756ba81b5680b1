package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An image encoder of one of the families: a record of timm's arguments.
public sealed interface Backbone permits VisionTransformer, SwinTransformer, ConvNet {
    /// The family's name, as timm's modules are named.
    String family();

    /// The same model with the given arguments in the places of its own. Faults are noted in `given`; this model comes
    /// back where there are any.
    Backbone with(Arguments given);

    /// Width of the pooled features.
    long width();

    /// Width of the embedding: the head's classes, or the pooled features' width without a head.
    long embeddingWidth();

    /// Height in pixels for which the parameters are made and at which evaluation runs.
    int imageHeight();

    /// Width in pixels likewise.
    int imageWidth();

    /// What images must be that a model takes, if these do not fit: `must be a multiple of ...`.
    ///
    /// @param height in pixels
    /// @param width in pixels
    Optional<String> checkImage(int height, int width);

    /// The features after the final norm.
    ///
    /// @param images `[N, 3, H, W]`
    Features features(Scope s, Value images);

    /// Whether [#pool] leaves one row of an image.
    boolean pooled();

    /// The pooled features after the final norm, before any head.
    ///
    /// @param features as [#features] returns them
    /// @return `[N, width]`; `[N, T, width]` where nothing is pooled
    Value pool(Scope s, Features features);

    /// The embedding: the linear head of the pooled features, or these themselves.
    ///
    /// @param pooled `[..., width]`
    /// @return `[..., embeddingWidth]`
    Value head(Scope s, Value pooled);

    /// The scopes of the blocks that a model is a row of, from its first to its last: `blocks.0`, ...
    List<String> blocks();

    /// The scopes of their attentions; empty for families that have none.
    List<String> attentions();

    /// The outputs of chosen blocks, before the final norm.
    ///
    /// @param images `[N, 3, H, W]`
    /// @param chosen numbers in [#blocks]
    /// @return by ascending block
    List<Features> intermediates(Scope s, Value images, Set<Integer> chosen);

    /// What a block knows of the whole image, after the final norm: its class token, or the mean of its patch tokens or
    /// places where there is none. Of the last block and a backbone that pools in this way these are the pooled
    /// features.
    ///
    /// @param block as [#intermediates] returns it, as wide as the last one
    /// @return `[N, width]`
    Value summary(Scope s, Features block);

    /// What each token of the last block takes from each: rows of the softmax, which sum to 1.
    ///
    /// @param images `[N, 3, H, W]`
    /// @return `[N, heads, T, T]`; empty for families whose tokens do not all attend to each other
    Optional<Value> attention(Scope s, Value images);

    /// Whether training normalizes over the images of a batch (BatchNorm): then an image's features depend on those that
    /// it is computed with.
    boolean normalizesBatches();

    /// How many of the first tokens stand for no place: class token and registers.
    int prefixTokens();

    /// Whether the first of them is a class token.
    boolean classToken();

    /// From images to the embedding `[N, embeddingWidth]`.
    default Value forward(Scope s, Value images) {
        return head(s, pool(s, features(s, images)));
    }
}
