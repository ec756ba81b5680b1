package dev.lejepa.tools.run;

import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import dev.lejepa.tools.config.RecipeWriter;
import java.util.List;

/// Compiles a recipe's step in one way or another, and finds what it takes.
///
/// @param target what graphs may use, unless the recipe asks for portable ones
/// @param ranks processes that share a batch
/// @param speed of the device
record PlanCompiler(Recipe recipe, int classes, Target target, int ranks, Speed speed) {
    /// The manifest holds the recipe as its author wrote it.
    StepPlan compile(Recompute recompute, int microBatches, int batch) {
        var memory = recipe.train().memory().with(recompute).withMicroBatches(microBatches);
        var decided = recipe.withTrain(recipe.train().withMemory(memory))
                .withData(recipe.data().withBatch(batch));
        var parts = new Parts(ranks, microBatches);
        var bundle = BundleBuilder.build(decided, RecipeWriter.json(recipe), classes, target, parts);
        return new StepPlan(
                recompute, parts, bundle, RunEstimate.of(bundle), StageRuns.seconds(bundle, speed), List.of());
    }

    /// Of the recipe's batch.
    StepPlan compile(Recompute recompute, int microBatches) {
        return compile(recompute, microBatches, recipe.data().batch());
    }

    /// Into how many micro-batches a process can cut its part of a batch.
    MicroBatchCounts counts(int batch) {
        return MicroBatchCounts.of(recipe.withData(recipe.data().withBatch(batch)), ranks);
    }
}
