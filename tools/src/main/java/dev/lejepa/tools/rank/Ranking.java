package dev.lejepa.tools.rank;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Runs in order, best first, and how far a probe agrees.
///
/// @param spearman correlation of low scores with high accuracy over the runs that have one: 1 where the run of the
///     lower score always has the better probe; empty where it cannot be told
/// @param interval of 95 %
public record Ranking(List<Place> places, OptionalDouble spearman, Optional<Spearman.Interval> interval) {
    /// A run with what it is judged by.
    ///
    /// @param score that runs are ordered by, lower is better; infinite where the loss is no number
    public record Place(FinishedRun run, HeldOutLoss loss, double score) {}

    /// Orders runs; those of equal score stay as they were given.
    ///
    /// @param seed of the interval's draws
    public static Ranking of(List<Place> given, long seed) {
        var places =
                given.stream().sorted(Comparator.comparingDouble(Place::score)).toList();
        // from the order of the folders' names, so that the interval does not depend on how the runs were given
        var judged = given.stream()
                .filter(p -> p.run().probeTop1().isPresent())
                .sorted(Comparator.comparing(p -> p.run().name()))
                .toList();
        var quality = judged.stream().mapToDouble(p -> -p.score()).toArray();
        var accuracy = judged.stream()
                .mapToDouble(p -> p.run().probeTop1().orElseThrow())
                .toArray();
        return new Ranking(places, Spearman.correlation(quality, accuracy), Spearman.interval(quality, accuracy, seed));
    }
}
