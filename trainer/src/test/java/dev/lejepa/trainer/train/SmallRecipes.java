package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.OptimizerSpec;
import dev.lejepa.graphs.recipe.ProjectorSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.List;

/// Recipes of steps that take milliseconds.
final class SmallRecipes {
    private SmallRecipes() {}

    /// Two blocks with drop-path, two global and one local view, `batch` images.
    static Recipe vit(int batch) {
        return of(
                BackboneSpec.named("vit_tiny_patch16_224", 0.2, 24)
                        .with("img_size", 16)
                        .with("patch_size", 8)
                        .with("depth", 2)
                        .with("embed_dim", 32)
                        .with("num_heads", 2),
                batch);
    }

    /// A backbone with BatchNorm.
    static Recipe resNet(int batch) {
        return of(BackboneSpec.named("resnet18", 0, 0).with("img_size", 32), batch);
    }

    private static Recipe of(BackboneSpec backbone, int batch) {
        var d = Recipe.defaults();
        var o = d.optimizer();
        var v = d.views();
        return d.withData(d.data().withBatch(batch))
                .withOptimizer(new OptimizerSpec(
                        1e-3, o.weightDecay(), o.decayExclude(), o.betas(), o.eps(), 1, o.warmupStart(), o.finalLr()))
                .withViews(new ViewsSpec(
                        new CropSpec(2, 16, v.global().scale()),
                        new CropSpec(1, 8, v.local().scale()),
                        v.ratio(),
                        v.flip(),
                        v.jitter(),
                        v.grayscale(),
                        v.blur(),
                        v.solarize(),
                        v.mean(),
                        v.std()))
                .withModel(new ModelSpec(backbone, new ProjectorSpec(List.of(48), 8)))
                .withLoss(new LossSpec(Dialect.PAPER, Regularizer.EPPS_PULLEY, 0.1, 32, 17, 3));
    }

    static Recipe with(Recipe recipe, Dialect dialect, Regularizer regularizer) {
        var l = recipe.loss();
        return recipe.withLoss(new LossSpec(dialect, regularizer, l.lambda(), l.slices(), l.knots(), l.tMax()));
    }
}
