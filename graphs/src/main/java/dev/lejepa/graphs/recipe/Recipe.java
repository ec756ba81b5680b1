package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.BadInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A training recipe: what decides every number of a run, apart from the machine.
///
/// @param seed of initialization, order, augmentation and all other draws
/// @param probe of the online linear probe; empty for none
public record Recipe(
        long seed,
        DataSpec data,
        ViewsSpec views,
        ModelSpec model,
        LossSpec loss,
        OptimizerSpec optimizer,
        Optional<ProbeSpec> probe,
        TrainSpec train) {

    /// The defaults that every key falls back to.
    public static Recipe defaults() {
        return new Recipe(
                0,
                DataSpec.defaults(),
                ViewsSpec.defaults(),
                ModelSpec.defaults(),
                LossSpec.defaults(),
                OptimizerSpec.defaults(),
                Optional.of(ProbeSpec.defaults()),
                TrainSpec.defaults());
    }

    public Recipe withSeed(long seed) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withData(DataSpec data) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withViews(ViewsSpec views) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withModel(ModelSpec model) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withLoss(LossSpec loss) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withOptimizer(OptimizerSpec optimizer) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withProbe(Optional<ProbeSpec> probe) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    public Recipe withTrain(TrainSpec train) {
        return new Recipe(seed, data, views, model, loss, optimizer, probe, train);
    }

    /// Throws one [BadInputException] that lists every fault of this recipe, if there is any.
    public Recipe validate() {
        List<Fault> faults = RecipeRules.faults(this);
        if (!faults.isEmpty()) {
            throw new BadInputException(
                    "recipe: " + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        }
        return this;
    }
}
