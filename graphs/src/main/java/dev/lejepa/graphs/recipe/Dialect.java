package dev.lejepa.graphs.recipe;

/// The three published forms of the LeJEPA objective. They differ in the center of the prediction loss, in the rows
/// that one statistic is taken over, and in how the two terms are weighed.
public enum Dialect implements Choice {
    /// Center: mean of the global views; a statistic per view; `(1 - lambda) invariance + lambda sigreg`.
    PAPER,
    /// Center: mean of all views; a statistic per view; `(1 - lambda) invariance + lambda sigreg`.
    MINIMAL,
    /// Center: mean of the global views; one statistic over all rows; `invariance + lambda sigreg`.
    POOLED
}
