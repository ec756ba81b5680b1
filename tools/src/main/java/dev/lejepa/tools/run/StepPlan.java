package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.tools.config.RecipeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// How a recipe's step is computed within the memory that it may take.
///
/// @param recompute what is computed again; never `auto`
/// @param note what was decided for the person who wrote the recipe, if anything was
public record StepPlan(Recompute recompute, Bundle bundle, RunEstimate estimate, Optional<String> note) {
    /// Cheapest first: every one computes more than those before it.
    private static final List<Recompute> CHOICES = List.of(Recompute.NONE, Recompute.ATTENTION, Recompute.BLOCK);

    /// BatchNorm needs two images.
    private static final int LEAST_BATCH = 2;

    /// The plan for graphs that are not run here.
    ///
    /// @throws BadInputException as below
    public static StepPlan of(Recipe recipe, int classes, Target target) {
        return new Search(recipe, classes, target, MemoryBudget.of(recipe)).plan();
    }

    /// The plan for an engine: with as little recomputation as memory allows where `train.recompute` is `auto`.
    ///
    /// @param classes labels that the online probe tells apart; 0 for no probe
    /// @throws BadInputException if the step needs more memory than there is; the message says what it needs and which
    ///     recomputation or batch would fit
    public static StepPlan of(Recipe recipe, int classes, Engine engine, int ranks) {
        return of(recipe, classes, engine);
    }

    public dev.lejepa.graphs.programs.Parts parts() {
        return dev.lejepa.graphs.programs.Parts.WHOLE;
    }

    public static StepPlan of(Recipe recipe, int classes, Engine engine) {
        return new Search(recipe, classes, engine.target(), MemoryBudget.of(recipe, engine)).plan();
    }

    /// @param target what graphs may use on the device, unless the recipe asks for portable ones
    private record Search(Recipe recipe, int classes, Target target, MemoryBudget budget) {
        StepPlan plan() {
            var asked = recipe.train().memory().recompute();
            var tried = new ArrayList<StepPlan>();
            for (var choice : asked == Recompute.AUTO ? CHOICES : List.of(asked)) {
                var plan = compile(choice, recipe.data().batch());
                if (budget.fits(plan.estimate)) {
                    return plan;
                }
                tried.add(plan);
            }
            throw new BadInputException(tooLarge(tried));
        }

        /// The manifest holds the recipe as its author wrote it.
        private StepPlan compile(Recompute recompute, int batch) {
            var decided = recipe.withTrain(recipe.train().withRecompute(recompute))
                    .withData(recipe.data().withBatch(batch));
            var bundle = BundleBuilder.build(decided, RecipeWriter.json(recipe), classes, target);
            var note = recipe.train().memory().recompute() == Recompute.AUTO
                    ? Optional.of(
                            Text.format("train.recompute is auto: %s fits (%s)", recompute.word(), budget.source()))
                    : Optional.<String>empty();
            return new StepPlan(recompute, bundle, RunEstimate.of(bundle), note);
        }

        private String tooLarge(List<StepPlan> tried) {
            var needs = tried.stream().map(this::need).collect(Collectors.joining(", "));
            var last = tried.getLast().recompute;
            var advice = new ArrayList<String>();
            CHOICES.stream()
                    .filter(c -> c.compareTo(last) > 0)
                    .map(c -> compile(c, recipe.data().batch()))
                    .filter(p -> budget.fits(p.estimate))
                    .findFirst()
                    .ifPresent(p -> advice.add(Text.format("%s would fit", need(p))));
            var batch = largestBatch(last);
            advice.add(
                    batch.isPresent()
                            ? Text.format("data.batch %d would fit", batch.getAsInt())
                            : "no batch would fit: choose a smaller backbone");
            return Text.format(
                    "%s, but a step with data.batch %d needs about %s; %s",
                    budget.source(), recipe.data().batch(), needs, String.join(", or ", advice));
        }

        private String need(StepPlan plan) {
            return Text.format(
                    "%s with train.recompute %s",
                    MemoryBudget.gigabytes(budget.need(plan.estimate)), plan.recompute.word());
        }

        /// Memory grows with the batch.
        private OptionalInt largestBatch(Recompute recompute) {
            var fitting = LEAST_BATCH - 1;
            var tooLarge = recipe.data().batch();
            while (tooLarge - fitting > 1) {
                var batch = (fitting + tooLarge) / 2;
                if (budget.fits(compile(recompute, batch).estimate)) {
                    fitting = batch;
                } else {
                    tooLarge = batch;
                }
            }
            return fitting < LEAST_BATCH ? OptionalInt.empty() : OptionalInt.of(fitting);
        }
    }
}
