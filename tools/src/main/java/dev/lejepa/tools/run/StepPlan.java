package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import dev.lejepa.runtime.engine.Engine;
import java.util.List;

/// How a recipe's step is computed within the memory that it may take.
///
/// @param recompute what is computed again; never `auto`
/// @param parts into which the images of a step are cut
/// @param seconds of a step by the model of time, for comparing plans
/// @param notes on what was decided for the person who wrote the recipe, and on what follows from it
public record StepPlan(
        Recompute recompute, Parts parts, Bundle bundle, RunEstimate estimate, double seconds, List<String> notes) {
    public StepPlan {
        notes = List.copyOf(notes);
    }

    /// The plan for graphs that are not run here.
    ///
    /// @throws dev.lejepa.graphs.BadInputException as below
    public static StepPlan of(Recipe recipe, int classes, Target target) {
        var onHost = target.device().equals(Target.ORT.device());
        var speed = Speeds.of(recipe.train().precision(), onHost);
        return of(recipe, classes, target, 1, MemoryBudget.of(recipe), speed);
    }

    /// The plan for an engine that computes whole batches.
    ///
    /// @throws dev.lejepa.graphs.BadInputException as below
    public static StepPlan of(Recipe recipe, int classes, Engine engine) {
        return of(recipe, classes, engine, 1);
    }

    /// The plan for an engine, the same for all processes: as little is computed twice as memory allows where
    /// `train.recompute` or `train.micro_batches` is `auto`.
    ///
    /// @param classes labels that the online probe tells apart; 0 for no probe
    /// @param ranks processes that share a batch
    /// @throws dev.lejepa.graphs.BadInputException if the step needs more memory than there is; the message says what it
    ///     needs and which recomputation, micro-batches or batch would fit. Or if the batch cannot be shared out, or the
    ///     device cannot do what the recipe asks for
    public static StepPlan of(Recipe recipe, int classes, Engine engine, int ranks) {
        if (ranks > 1 && recipe.train().syncBn() && !engine.onHost()) {
            throw new BadInputException(Text.format(
                    "train.sync_bn is true, which processes that compute on %s do not have; they share statistics of"
                            + " BatchNorm on host cores alone",
                    engine.device()));
        }
        var speed = Speeds.of(recipe.train().precision(), engine.onHost());
        return of(recipe, classes, engine.target(), ranks, MemoryBudget.of(recipe, engine), speed);
    }

    /// The plan for any device.
    ///
    /// @param target what graphs may use on the device, unless the recipe asks for portable ones
    /// @throws dev.lejepa.graphs.BadInputException as above
    public static StepPlan of(Recipe recipe, int classes, Target target, int ranks, MemoryBudget budget, Speed speed) {
        return new StepSearch(new PlanCompiler(recipe, classes, target, ranks, speed), budget).cheapest();
    }

    /// The same with something to say.
    StepPlan with(List<String> others) {
        return new StepPlan(recompute, parts, bundle, estimate, seconds, others);
    }
}
