package dev.lejepa.graphs.recipe;

import java.util.OptionalDouble;

/// One of the sources that images come from.
///
/// @param path a folder, a file or a pattern of files
/// @param weight share of the images of an epoch, in proportion to the weights of the other sources
public record SourceSpec(String path, OptionalDouble weight) {
    /// A source without a weight.
    public static SourceSpec of(String path) {
        return new SourceSpec(path, OptionalDouble.empty());
    }

    /// The same under another path.
    public SourceSpec withPath(String other) {
        return new SourceSpec(other, weight);
    }
}
