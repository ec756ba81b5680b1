package dev.lejepa.graphs.recipe;

/// What a step computes a second time in its backward pass instead of keeping it from the forward pass.
public enum Recompute implements Choice {
    /// Nothing.
    NONE,
    /// The inside of attention in every block.
    ATTENTION,
    /// Every block from what enters it.
    BLOCK,
    /// The first of these that fits into the memory given.
    AUTO
}
