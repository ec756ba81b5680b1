package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// What is said about plans of a recipe's step.
///
/// @param budget that they must keep to
record StepWords(Recipe recipe, MemoryBudget budget) {
    /// The plan with notes on what was decided.
    ///
    /// @param first which takes the least time, whatever memory there is
    /// @param fitting this one and others, the one that takes the least time first
    StepPlan tell(StepPlan plan, StepPlan first, List<StepPlan> fitting) {
        var notes = new ArrayList<String>();
        if (!automatic().isEmpty()) {
            notes.add(decided(plan, first, fitting));
        }
        var parts = plan.parts();
        var images = parts.images(recipe.data().batch());
        if (parts.microBatches() > 1) {
            notes.add(Text.format("a step is computed in %d micro-batches of %d images", parts.microBatches(), images));
        }
        if (!parts.whole() && Registry.build(recipe.model().backbone()).normalizesBatches()) {
            notes.add(normalized(parts, images));
        }
        return plan.with(notes);
    }

    /// @param images of a micro-batch
    private String normalized(Parts parts, int images) {
        var name = recipe.model().backbone().name();
        var batch = recipe.data().batch();
        var ofAll = recipe.train().syncBn() ? images * parts.ranks() : images;
        var by = parts.microBatches() > 1 ? "the micro-batch" : "the images of a process";
        return ofAll == batch
                ? Text.format("%s normalizes by the %d images of all processes (BatchNorm)", name, batch)
                : Text.format(
                        "%s normalizes by %s%s (BatchNorm): %d images, not data.batch, which is %d",
                        name, by, ofAll > images ? " of all processes" : "", ofAll, batch);
    }

    private List<String> automatic() {
        var keys = new ArrayList<String>();
        if (recipe.train().memory().recompute() == Recompute.AUTO) {
            keys.add("train.recompute");
        }
        if (recipe.train().memory().microBatches().isEmpty()) {
            keys.add("train.micro_batches");
        }
        return keys;
    }

    private String decided(StepPlan plan, StepPlan first, List<StepPlan> fitting) {
        var keys = automatic();
        var others = fitting.stream()
                .filter(other -> other != plan)
                .map(other -> Text.format("; %s: %.2fx", choice(other), other.seconds() / first.seconds()))
                .collect(Collectors.joining());
        return Text.format(
                "%s %s auto: %s fits (%s)%s%s",
                String.join(" and ", keys),
                keys.size() == 1 ? "is" : "are",
                choice(plan),
                budget.source(),
                plan == first ? "" : Text.format(", %.2fx the time", plan.seconds() / first.seconds()),
                others);
    }

    /// What was chosen, without the key where only one was open.
    private String choice(StepPlan plan) {
        var recompute = plan.recompute().word();
        var count = plan.parts().microBatches();
        return automatic().size() > 1
                ? Text.format("recompute %s, micro_batches %d", recompute, count)
                : recipe.train().memory().recompute() == Recompute.AUTO ? recompute : Integer.toString(count);
    }

    String wouldFit(StepPlan plan) {
        return need(plan) + " would fit";
    }

    String batchWouldFit(OptionalInt batch) {
        return batch.isPresent()
                ? Text.format("data.batch %d would fit", batch.getAsInt())
                : "no batch would fit: choose a smaller backbone";
    }

    /// @param plan that did not fit, against its estimate
    /// @param advice on what would
    String lighter(StepPlan plan, List<String> advice) {
        return Text.format(
                "the step was expected to need %s; by the same estimate %s", need(plan), String.join(", or ", advice));
    }

    /// @param tried plans, none of which fits
    /// @param advice on what would
    String tooLarge(List<StepPlan> tried, List<String> advice) {
        return Text.format(
                "%s, but a step with data.batch %d needs about %s; %s",
                budget.source(),
                recipe.data().batch(),
                tried.stream().map(this::need).collect(Collectors.joining(", ")),
                String.join(", or ", advice));
    }

    private String need(StepPlan plan) {
        var count = plan.parts().microBatches();
        return Text.format(
                "%s with train.recompute %s%s",
                MemoryBudget.gigabytes(budget.need(plan.estimate())),
                plan.recompute().word(),
                count == 1 ? "" : Text.format(" and train.micro_batches %d", count));
    }
}
