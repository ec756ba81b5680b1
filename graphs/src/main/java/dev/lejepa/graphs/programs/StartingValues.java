package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.pretrained.PretrainedWeights;

/// Where the initial values of a bundle's parameters and buffers come from.
public sealed interface StartingValues {

    /// Functions of seed and name alone.
    record Drawn() implements StartingValues {}

    /// A file's where it has them, else as [Drawn].
    ///
    /// @param weights open, and fitted to the bundle's backbone
    record Loaded(PretrainedWeights weights) implements StartingValues {}

    /// Those that stand in the bundle's folder already.
    record Kept() implements StartingValues {}

    /// Those of another process, which gives them to this one; there is no file of them.
    record Given() implements StartingValues {}
}
