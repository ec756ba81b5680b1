package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.Recipe;

/// How many steps a recipe asks for.
///
/// @param stepsPerEpoch full batches in one pass over the images; the schedules count with these
/// @param steps after which the run stops
public record RunLength(long stepsPerEpoch, long steps) {
    /// @param images to train with
    public static RunLength of(Recipe recipe, int images) {
        var perEpoch = (long) images / recipe.data().batch();
        var all = recipe.train().epochs() * perEpoch;
        var limit = recipe.train().steps();
        return new RunLength(perEpoch, limit.isPresent() ? Math.min(all, limit.getAsInt()) : all);
    }
}
