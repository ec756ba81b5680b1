package dev.lejepa.graphs.nn;

/// What feeds an input of a graph: said where the input is made, for whoever runs the graph.
public sealed interface Feed {
    /// A tensor that outlives a step.
    ///
    /// @param name of the state
    record State(String name) implements Feed {}

    /// Images, or views of them.
    ///
    /// @param views that the rows are; [Views#NONE] for whole images, one a row
    /// @param size pixels per side; the height where sides differ
    /// @param pixels how they come
    record Images(Views views, int size, Pixels pixels) implements Feed {}

    /// The class of each image, int64 `[N]`.
    record Labels() implements Feed {}

    /// Random numbers, drawn anew every step.
    ///
    /// @param views that the rows stand for; [Views#NONE] if they are no views
    record Draw(Distribution distribution, Views views) implements Feed {}

    /// The learning rate of a group of parameters.
    record Rate(String group) implements Feed {}

    /// The number of the step, completed ones and 1, which the graph counts up.
    record StepNumber() implements Feed {}

    /// What an earlier graph of the same step made, under the same name.
    ///
    /// @param rows whether it has a row for each view, so that a part of a batch has a part of the rows
    record Handed(boolean rows) implements Feed {}

    /// A tensor that whoever runs the graph knows how to fill.
    record Data() implements Feed {}
}
