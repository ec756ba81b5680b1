package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Fault;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Recompute;
import java.util.ArrayList;
import java.util.List;

/// What a recipe must fulfil for the sake of its backbone.
public final class BackboneRules {
    /// The fewest images that a backbone with BatchNorm is trained on at once.
    public static final int LEAST_NORMALIZED = 2;

    private BackboneRules() {}

    /// Every fault of the backbone's name and arguments, or, where these are right, of the images that a step feeds it.
    public static List<Fault> faults(Recipe recipe) {
        var spec = recipe.model().backbone();
        var faults = new ArrayList<>(Registry.faults(spec));
        if (faults.isEmpty()) {
            var backbone = Registry.build(spec);
            view("views.global.size", recipe.views().global(), backbone, faults);
            view("views.local.size", recipe.views().local(), backbone, faults);
            if (recipe.train().memory().recompute() == Recompute.ATTENTION
                    && backbone.attentions().isEmpty()) {
                faults.add(new Fault(
                        "train.recompute", Text.format("is attention, and %s has none; use block", spec.name())));
            }
            if (backbone.normalizesBatches()) {
                microBatches(recipe, faults);
            }
        }
        return faults;
    }

    /// Whether a backbone with BatchNorm can see images in so many parts: it would see what fills up a part, and of one
    /// image it leaves little.
    public static boolean canNormalize(int images, int parts) {
        return images % parts == 0 && (parts == 1 || images / parts >= LEAST_NORMALIZED);
    }

    private static void microBatches(Recipe recipe, List<Fault> faults) {
        var images = recipe.data().batch();
        recipe.train().memory().microBatches().stream()
                .filter(count -> count > 1 && count <= images)
                .filter(count -> !canNormalize(images, count))
                .forEach(count -> faults.add(new Fault(
                        "train.micro_batches",
                        Text.format(
                                "is %d, and %s normalizes by the micro-batch (BatchNorm): data.batch, which is %d, must be a"
                                        + " multiple of it, with at least %d images in each",
                                count, recipe.model().backbone().name(), images, LEAST_NORMALIZED))));
    }

    private static void view(String key, CropSpec crop, Backbone backbone, List<Fault> faults) {
        var size = crop.size();
        if (crop.count() > 0 && size > 0) {
            backbone.checkImage(size, size)
                    .ifPresent(rule -> faults.add(new Fault(key, Text.format("is %d, %s", size, rule))));
        }
    }
}
