package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;

/// What a backbone knows of each place of an image, before it is pooled.
public sealed interface Features {
    /// A row per token.
    ///
    /// @param value `[N, T, C]`
    /// @param prefix how many of the first tokens stand for no place: class token and registers
    record Tokens(Value value, int prefix) implements Features {
        @Override
        public Value tokens() {
            return value;
        }
    }

    /// A map of smaller height and width than the image.
    ///
    /// @param value `[N, H, W, C]` or `[N, C, H, W]`
    record FeatureMap(Value value, ImageLayout layout) implements Features {
        @Override
        public Value tokens() {
            var rows = layout.to(ImageLayout.NHWC, value);
            return rows.reshape(rows.dim(0), rows.dim(1) * rows.dim(2), rows.dim(3));
        }
    }

    /// All tokens, or the pixels of the map row by row.
    ///
    /// @return `[N, T, C]`
    Value tokens();
}
