package dev.lejepa.graphs.models;

import java.util.Locale;

/// What becomes of a transformer's tokens before the head (timm's `global_pool`).
public enum Pooling {
    /// The class token.
    TOKEN,
    /// The mean of the patch tokens.
    AVG,
    /// The attention of a learned query.
    MAP,
    /// Nothing: every token is kept.
    NONE;

    String word() {
        return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
    }
}
