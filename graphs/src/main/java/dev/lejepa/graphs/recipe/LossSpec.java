package dev.lejepa.graphs.recipe;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The LeJEPA objective.
///
/// @param lambda weight of the regularizer
/// @param slices random directions S per step, for tests that have any
/// @param knots integration points P of the Epps-Pulley statistic, odd
/// @param tMax its last integration point
/// @param test further parameters of the regularizer, as written
public record LossSpec(
        Dialect dialect,
        Regularizer regularizer,
        double lambda,
        int slices,
        int knots,
        double tMax,
        SortedMap<String, String> test) {
    public LossSpec {
        test = Collections.unmodifiableSortedMap(new TreeMap<>(test));
    }

    /// Without further parameters.
    public LossSpec(Dialect dialect, Regularizer regularizer, double lambda, int slices, int knots, double tMax) {
        this(dialect, regularizer, lambda, slices, knots, tMax, new TreeMap<>());
    }

    public static LossSpec defaults() {
        return new LossSpec(Dialect.PAPER, Regularizer.EPPS_PULLEY, 0.05, 1024, 17, 3);
    }
}
