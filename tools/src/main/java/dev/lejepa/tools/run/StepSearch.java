package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.models.BackboneRules;
import dev.lejepa.graphs.recipe.Recompute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The search for the plan that takes the least time within a budget of memory.
final class StepSearch {
    /// Each computes more than those before it.
    private static final List<Recompute> CHOICES = List.of(Recompute.NONE, Recompute.ATTENTION, Recompute.BLOCK);

    /// BatchNorm needs two images.
    private static final int LEAST_BATCH = 2;

    private final PlanCompiler compiler;
    private final MemoryBudget budget;
    private final int batch;
    private final Recompute asked;
    private final OptionalInt askedCount;
    private final List<Integer> counts;
    private final StepWords words;

    StepSearch(PlanCompiler compiler, MemoryBudget budget) {
        this.compiler = compiler;
        this.budget = budget;
        var recipe = compiler.recipe();
        this.batch = recipe.data().batch();
        this.asked = recipe.train().memory().recompute();
        this.askedCount = recipe.train().memory().microBatches();
        this.counts = counts(batch, askedCount);
        this.words = new StepWords(recipe, budget);
    }

    /// @throws BadInputException as [StepPlan#of] has it
    StepPlan cheapest() {
        var choices = asked == Recompute.AUTO ? CHOICES : List.of(asked);
        var first = compiler.compile(choices.getFirst(), counts.getFirst());
        if (fits(first)) {
            return words.tell(first, first, List.of(first));
        }
        var found = new ArrayList<StepPlan>();
        for (var choice : choices) {
            // of the first choice it is known that the first count does not fit
            var plan = fewest(choice, choice == choices.getFirst() ? counts.subList(1, counts.size()) : counts);
            plan.ifPresent(found::add);
            if (plan.isPresent() && plan.get().parts().microBatches() == counts.getFirst()) {
                break; // those that follow compute more, and cannot be cut into fewer parts
            }
        }
        if (found.isEmpty()) {
            throw new BadInputException(tooLarge(choices));
        }
        found.sort(Comparator.comparingDouble(StepPlan::seconds));
        return words.tell(found.getFirst(), first, found);
    }

    /// With the fewest micro-batches that fit: memory falls and time grows with their number.
    private Optional<StepPlan> fewest(Recompute recompute, List<Integer> among) {
        if (among.isEmpty()) {
            return Optional.empty();
        }
        var fitting = Optional.of(compiler.compile(recompute, among.getLast())).filter(this::fits);
        var low = 0;
        var high = fitting.isPresent() ? among.size() - 1 : 0;
        while (low < high) {
            var middle = (low + high) / 2;
            var plan = compiler.compile(recompute, among.get(middle));
            if (fits(plan)) {
                fitting = Optional.of(plan);
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return fitting;
    }

    private List<Integer> counts(int images, OptionalInt fixed) {
        var possible = compiler.counts(images);
        return fixed.isPresent() ? List.of(possible.of(fixed.getAsInt())) : possible.all();
    }

    private boolean fits(StepPlan plan) {
        return budget.fits(plan.estimate());
    }

    private String tooLarge(List<Recompute> choices) {
        var tried = choices.stream()
                .map(choice -> compiler.compile(choice, counts.getLast()))
                .toList();
        return words.tooLarge(tried, advice(choices.getLast(), askedCount));
    }

    /// What would fit beside a plan that does not.
    String lighter(StepPlan plan) {
        return words.lighter(
                plan, advice(plan.recompute(), OptionalInt.of(plan.parts().microBatches())));
    }

    /// What would fit where nothing does that computes less again.
    ///
    /// @param fixed micro-batches; empty where there are as many as there can be
    private List<String> advice(Recompute last, OptionalInt fixed) {
        var advice = new ArrayList<String>();
        var count = counts(batch, fixed).getLast();
        CHOICES.stream()
                .filter(choice -> choice.compareTo(last) > 0)
                .map(choice -> compiler.compile(choice, count))
                .filter(this::fits)
                .findFirst()
                .ifPresent(plan -> advice.add(words.wouldFit(plan)));
        if (fixed.isPresent()) {
            fewest(last, compiler.counts(batch).all()).ifPresent(plan -> advice.add(words.wouldFit(plan)));
        }
        advice.add(words.batchWouldFit(largestBatch(last, fixed)));
        return advice;
    }

    /// Memory grows with the batch.
    private OptionalInt largestBatch(Recompute recompute, OptionalInt fixed) {
        // Images that parts of equal size have together, where they must be equal.
        var step = compiler.counts(batch).normalized() ? compiler.ranks() * fixed.orElse(1) : 1;
        var images = Math.max(compiler.ranks(), fixed.orElse(1));
        var least = Math.max(step > 1 ? BackboneRules.LEAST_NORMALIZED : LEAST_BATCH, Math.ceilDiv(images, step));
        var fitting = least - 1;
        var tooLarge = Math.ceilDiv(batch, step);
        while (tooLarge - fitting > 1) {
            var middle = (fitting + tooLarge) / 2;
            if (fits(compiler.compile(recompute, counts(middle * step, fixed).getLast(), middle * step))) {
                fitting = middle;
            } else {
                tooLarge = middle;
            }
        }
        return fitting < least ? OptionalInt.empty() : OptionalInt.of(fitting * step);
    }
}
