package dev.lejepa.graphs.models;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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

    static final List<String> WORDS = Stream.of(values()).map(Pooling::word).toList();

    String word() {
        return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
    }

    static Pooling of(String word) {
        return values()[WORDS.indexOf(word)];
    }
}
