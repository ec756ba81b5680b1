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
import java.util.OptionalLong;

/// How a recipe's step is computed within the memory that it may take.
///
/// @param recompute what is computed again; never `auto`
/// @param parts into which the images of a step are cut
/// @param seconds of a step by the model of time, for comparing plans
/// @param notes on what was decided for the person who wrote the recipe, and on what follows from it
public record StepPlan(
        Recompute recompute, Parts parts, Bundle bundle, RunEstimate estimate, double seconds, List<String> notes) {
    /// Part of the estimate by which a plan must be lighter than one that did not fit.
    private static final double LEAST_SAVING = 0.05;

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
        return of(recipe, classes, engine, 1, MemoryBudget.of(recipe, engine));
    }

    /// The plan for an engine, the same for all processes: as little is computed twice as memory allows where
    /// `train.recompute` or `train.micro_batches` is `auto`.
    ///
    /// @param classes labels that the online probe tells apart; 0 for no probe
    /// @param ranks processes that share a batch
    /// @param budget of each of them
    /// @throws dev.lejepa.graphs.BadInputException if the step needs more memory than there is; the message says what it
    ///     needs and which recomputation, micro-batches or batch would fit. Or if the batch cannot be shared out, or the
    ///     device cannot do what the recipe or the engine's options ask for
    public static StepPlan of(Recipe recipe, int classes, Engine engine, int ranks, MemoryBudget budget) {
        if (ranks > 1 && recipe.train().syncBn() && !engine.onHost()) {
            throw new BadInputException(Text.format(
                    "train.sync_bn is true, which processes that compute on %s do not have; they share statistics of"
                            + " BatchNorm on host cores alone",
                    engine.device()));
        }
        var speed = Speeds.of(recipe.train().precision(), engine.onHost());
        var plan = of(recipe, classes, engine.target(), ranks, budget, speed);
        if (engine.options().captureGraphs()) {
            plan.requireWhole();
        }
        return plan;
    }

    /// What is recorded has one place for each tensor; the parts of a step have theirs in different ones.
    void requireWhole() {
        if (parts.microBatches() > 1) {
            throw new BadInputException(Text.format(
                    "--cuda-graph records a step that is computed at once, and this one takes %d micro-batches (train.micro_batches): leave one of both out",
                    parts.microBatches()));
        }
        if (parts.ranks() > 1) {
            throw new BadInputException(Text.format(
                    "--cuda-graph records a step that one process computes, and here %d share it: leave it out",
                    parts.ranks()));
        }
    }

    /// Lighter plans, and a smaller batch, for a step that was expected to fit and did not.
    ///
    /// @param compiler that made this one
    /// @param onHost whether the host's memory is meant
    /// @param missing bytes that it lacked; 0 where that is not known
    /// @return what people are told
    String lighter(PlanCompiler compiler, boolean onHost, long missing) {
        var need = estimate.bytes(onHost);
        var less = Math.max(missing, (long) (need * LEAST_SAVING));
        var budget = new MemoryBudget(OptionalLong.of(need - less), "", onHost);
        return new StepSearch(compiler, budget).lighter(this);
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
