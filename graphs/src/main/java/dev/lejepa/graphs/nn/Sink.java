package dev.lejepa.graphs.nn;

/// What becomes of an output of a graph: said where the output is made.
public sealed interface Sink {
    /// A result to read.
    record Metric() implements Sink {}

    /// The new value of a tensor that outlives a step.
    ///
    /// @param name of the state
    /// @param accumulated whether the graph adds to what the state holds
    record State(String name, boolean accumulated) implements Sink {}

    /// What later graphs of the same step have as an input of this name.
    ///
    /// @param rows as [Feed.Handed] has it
    record Handed(boolean rows) implements Sink {}
}
