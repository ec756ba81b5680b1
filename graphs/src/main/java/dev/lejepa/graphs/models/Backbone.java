package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;
import java.util.Set;

/// An image encoder.
public interface Backbone {
    /// Width of the pooled features.
    long width();

    /// Width of the embedding: the head's classes, or the pooled features' width without a head.
    long embeddingWidth();

    /// Height in pixels for which the parameters are made and at which evaluation runs.
    int imageHeight();

    /// Width in pixels likewise.
    int imageWidth();

    /// Sides of an image must be multiples of this many pixels.
    int patchSize();

    /// The tokens after the final norm.
    ///
    /// @param images `[N, 3, H, W]`
    /// @return `[N, T, width]`
    Value features(Scope s, Value images);

    /// The pooled features after the final norm, before any head.
    ///
    /// @param tokens as [#features] returns them
    /// @return `[N, width]`
    Value pool(Scope s, Value tokens);

    /// The embedding: the linear head of the pooled features, or these themselves.
    ///
    /// @param pooled `[N, width]`
    /// @return `[N, embeddingWidth]`
    Value head(Scope s, Value pooled);

    /// The outputs of chosen blocks, before the final norm.
    ///
    /// @param images `[N, 3, H, W]`
    /// @param blocks numbers from 0
    /// @return `[N, T, width]` each, by ascending block
    List<Value> intermediates(Scope s, Value images, Set<Integer> blocks);

    /// From images to the embedding `[N, embeddingWidth]`.
    default Value forward(Scope s, Value images) {
        return head(s, pool(s, features(s, images)));
    }
}
