package dev.lejepa.graphs.recipe;

import java.util.Locale;

/// A value of a recipe that is one of a few words: an enum constant, written in lower case.
public sealed interface Choice permits JpegDecoding, Dialect, Regularizer, Precision, Recompute, Target {

    /// The constant's Java name.
    String name();

    /// The word that recipes use.
    default String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
