package dev.lejepa.graphs.recipe;

import java.util.List;

/// The projector, an MLP with BatchNorm and ReLU after each hidden layer.
///
/// @param hidden widths of the hidden layers
/// @param out width K of the output
public record ProjectorSpec(List<Integer> hidden, int out) {
    public ProjectorSpec {
        hidden = List.copyOf(hidden);
    }

    public static ProjectorSpec defaults() {
        return new ProjectorSpec(List.of(2048, 2048), 64);
    }
}
