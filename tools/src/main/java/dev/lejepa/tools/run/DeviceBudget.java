package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.tools.config.RecipeWriter;
import java.util.Locale;
import java.util.OptionalInt;

/// Refuses a run whose step a device has too little memory for, before the first file is written.
public final class DeviceBudget {
    private DeviceBudget() {}

    /// @param bundle of the recipe
    /// @throws BadInputException saying what a step needs, what is free and which batch would fit
    public static void check(Engine engine, Recipe recipe, int classes, Bundle bundle) {
        var free = engine.freeBytes();
        var needed = RunEstimate.of(bundle).deviceBytes();
        if (free.isEmpty() || needed <= free.getAsLong()) {
            return;
        }
        var fitting = batch(engine, recipe, classes, free.getAsLong());
        throw new BadInputException(String.format(
                Locale.ROOT,
                "device '%s': a step with data.batch %d needs about %.2f GB of its memory, and %.2f GB are free; %s",
                engine.device(),
                recipe.data().batch(),
                needed / 1e9,
                free.getAsLong() / 1e9,
                fitting.isPresent()
                        ? "data.batch %d would fit".formatted(fitting.getAsInt())
                        : "no batch would fit: choose a smaller backbone"));
    }

    /// The largest batch, halved from the recipe's, whose step fits; at least the two images that BatchNorm needs.
    private static OptionalInt batch(Engine engine, Recipe recipe, int classes, long free) {
        for (var batch = recipe.data().batch() / 2; batch >= 2; batch /= 2) {
            var smaller = recipe.withData(recipe.data().withBatch(batch));
            var bundle = BundleBuilder.build(smaller, RecipeWriter.json(smaller), classes, engine.target());
            if (RunEstimate.of(bundle).deviceBytes() <= free) {
                return OptionalInt.of(batch);
            }
        }
        return OptionalInt.empty();
    }
}
