package dev.lejepa.graphs.recipe;

/// The LeJEPA objective.
///
/// @param lambda weight of the regularizer
/// @param slices random directions S per step
/// @param knots integration points P of the statistic, odd
/// @param tMax last integration point
public record LossSpec(Dialect dialect, Regularizer regularizer, double lambda, int slices, int knots, double tMax) {
    public static LossSpec defaults() {
        return new LossSpec(Dialect.PAPER, Regularizer.EPPS_PULLEY, 0.05, 1024, 17, 3);
    }
}
