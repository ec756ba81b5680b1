package dev.lejepa.graphs.nn;

import java.util.List;
import java.util.stream.IntStream;

/// A run of views of each image that a graph handles together, because they have one size. Row `n*count + v` of their
/// batch is view `first + v` of image `n`.
///
/// @param label `global`, `local`, or empty for rows that are no views
/// @param first number of the first view
/// @param count views per image
public record Views(String label, int first, int count) {
    /// For inputs whose rows are no views.
    public static final Views NONE = new Views("", 0, 0);

    /// The numbers of these views.
    public List<Integer> numbers() {
        return IntStream.range(first, first + count).boxed().toList();
    }
}
