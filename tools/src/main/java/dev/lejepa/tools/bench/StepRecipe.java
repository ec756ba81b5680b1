package dev.lejepa.tools.bench;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.config.RecipeFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The recipe whose step is timed: the method's minimal script around a backbone of any name and size.
///
/// @param model timm's name
/// @param image side of a view in pixels
/// @param patch side of a patch in pixels; empty for the model's own, or none
/// @param images `N`
/// @param views of that size
/// @param localViews smaller views beside them, 0 for none
/// @param localImage side of those in pixels
/// @param precision `fp32` or `bf16`
/// @param recompute `none`, `attention` or `block`
/// @param microBatches into which a process cuts its images
public record StepRecipe(
        String model,
        int image,
        OptionalInt patch,
        int images,
        int views,
        int localViews,
        int localImage,
        String precision,
        String recompute,
        int microBatches) {
    /// Labels of the online probe.
    static final int CLASSES = 10;

    private static final String TEXT = """
            views:
              blur: {p: 0}
            model:
              backbone: {num_classes: 512, drop_path_rate: 0.1}
              projector: {hidden: [2048, 2048], out: 16}
            loss: {dialect: minimal, lambda: 0.02, slices: 256, knots: 17, t_max: 3}
            probe: {classes: 10}
            """;

    /// @throws dev.lejepa.graphs.BadInputException if names or sizes do not fit together
    Recipe recipe() {
        var changes = new ArrayList<>(List.of(
                "model.backbone.name=" + model,
                "model.backbone.img_size=" + image,
                "views.global.size=" + image,
                "views.global.count=" + views,
                "views.local.count=" + localViews,
                "data.batch=" + images,
                "train.precision=" + precision,
                "train.recompute=" + recompute,
                "train.micro_batches=" + microBatches));
        patch.ifPresent(side -> changes.add("model.backbone.patch_size=" + side));
        if (localViews > 0) {
            changes.add("views.local.size=" + localImage);
        }
        return RecipeFile.parse("bench step", TEXT, changes);
    }
}
