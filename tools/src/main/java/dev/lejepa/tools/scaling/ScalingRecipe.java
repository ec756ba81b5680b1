package dev.lejepa.tools.scaling;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.MemoryBudget;
import dev.lejepa.tools.run.StepPlan;
import java.util.List;
import java.util.OptionalLong;

/// The step that is foretold: the method's default recipe, 2 views of 224 px and 6 of 98 px, in bf16, with a probe of
/// ImageNet-1K's classes.
///
/// @param model timm's name
/// @param batch images of the whole step
public record ScalingRecipe(String model, int batch) {
    /// Images of ImageNet-1K that are trained on.
    public static final long IMAGENET_IMAGES = 1_281_167;

    private static final int CLASSES = 1000;

    private static final String TEXT = """
            probe: {classes: 1000}
            train: {precision: bf16, micro_batches: auto}
            """;

    /// With as few micro-batches as the memory of a device takes.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the model is unknown, the batch cannot be shared out, or an image
    ///     takes more memory than there is
    public Forecast forecast(Cluster cluster, int ranks) {
        var gigabytes = cluster.memory() / 1e9;
        var recipe = recipe(gigabytes);
        var budget = new MemoryBudget(
                OptionalLong.of(cluster.memory()), Text.format("a device has %.1f GB", gigabytes), false);
        var plan = StepPlan.of(recipe, CLASSES, Target.CUDA, ranks, budget, cluster.device());
        return Forecast.of(plan, batch, cluster);
    }

    private Recipe recipe(double gigabytes) {
        return RecipeFile.parse(
                "bench scaling",
                TEXT,
                List.of("model.backbone.name=" + model, "data.batch=" + batch, "train.memory_gb=" + gigabytes));
    }
}
