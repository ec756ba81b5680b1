package dev.lejepa.runtime.engine;

/// Binds what a micro-batch reads: its views and its draws.
@FunctionalInterface
public interface MicroFeed {
    /// For inputs that are bound already.
    MicroFeed NONE = _ -> {};

    /// Called before each run of the graphs that read views or draws of images, so once or twice in a step.
    ///
    /// @param microBatch its number, from 0
    void feed(int microBatch);
}
