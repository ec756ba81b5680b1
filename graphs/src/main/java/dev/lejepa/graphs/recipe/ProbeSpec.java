package dev.lejepa.graphs.recipe;

import java.util.OptionalInt;

/// The online linear probe on detached embeddings.
///
/// @param classes number of labels; empty: counted in the training folder, no probe where it has none
/// @param finalLr fraction of `lr` after the last step
public record ProbeSpec(OptionalInt classes, double lr, double weightDecay, double finalLr) {
    public static ProbeSpec defaults() {
        return new ProbeSpec(OptionalInt.empty(), 1e-3, 1e-7, 1.0);
    }
}
