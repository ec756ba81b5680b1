package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.Probe;
import dev.lejepa.graphs.models.Projector;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.models.VisionTransformer;
import dev.lejepa.graphs.models.VisionTransformer.Pooling;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.ImageSize;
import dev.lejepa.graphs.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Models from a recipe.
public final class ModelFactory {
    private ModelFactory() {}

    /// The backbone that a recipe names, with its arguments over the named model's own.
    ///
    /// @throws BadInputException if the name is unknown or the arguments do not fit together
    public static Backbone backbone(BackboneSpec spec) {
        var base = Registry.find(spec.name());
        var size = spec.imgSize().orElse(new ImageSize(base.imageHeight(), base.imageWidth()));
        try {
            return new VisionTransformer(
                    size.height(),
                    size.width(),
                    spec.patchSize().orElse(base.patchSize()),
                    spec.embedDim().orElse(base.embedDim()),
                    spec.depth().orElse(base.depth()),
                    spec.numHeads().orElse(base.numHeads()),
                    spec.mlpRatio().orElse(base.mlpRatio()),
                    spec.qkvBias().orElse(base.qkvBias()),
                    spec.classToken().orElse(base.classToken()),
                    spec.globalPool().map(ModelFactory::pooling).orElse(base.globalPool()),
                    spec.dropPathRate(),
                    spec.numClasses());
        } catch (IllegalArgumentException e) {
            throw new BadInputException("model.backbone: " + e.getMessage(), e);
        }
    }

    /// Everything that a step computes with.
    ///
    /// @param classes labels that the online probe tells apart; 0 for no probe
    public static StepModel model(Recipe recipe, int classes) {
        var backbone = backbone(recipe.model().backbone());
        requireWholePatches("views.global.size", recipe.views().global(), backbone);
        requireWholePatches("views.local.size", recipe.views().local(), backbone);
        var spec = recipe.model().projector();
        var width = backbone.embeddingWidth();
        Optional<Probe> probe = classes == 0 ? Optional.empty() : Optional.of(new Probe(width, classes));
        return new StepModel(
                backbone, new Projector(width, spec.hidden(), spec.out()), LossFactory.loss(recipe), probe);
    }

    /// The view inputs of a recipe: global views first, then local ones if there are any.
    public static List<ViewInput> views(Recipe recipe) {
        var global = recipe.views().global();
        var local = recipe.views().local();
        var levels = Pixels.levels(recipe.views());
        var inputs = new ArrayList<ViewInput>();
        inputs.add(new ViewInput(new Views("global", 0, global.count()), global.size(), global.size(), levels));
        if (local.count() > 0) {
            var views = new Views("local", global.count(), local.count());
            inputs.add(new ViewInput(views, local.size(), local.size(), levels));
        }
        return inputs;
    }

    private static Pooling pooling(String word) {
        return switch (word) {
            case "token" -> Pooling.TOKEN;
            case "avg" -> Pooling.AVG;
            default ->
                throw new BadInputException(
                        Text.format("model.backbone.global_pool is '%s', must be 'token' or 'avg'", word));
        };
    }

    private static void requireWholePatches(String key, CropSpec crop, Backbone backbone) {
        if (crop.count() > 0 && crop.size() % backbone.patchSize() != 0) {
            var below = crop.size() / backbone.patchSize() * backbone.patchSize();
            throw new BadInputException(Text.format(
                    "%s is %d, must be a multiple of the backbone's patch of %d px (%d or %d)",
                    key, crop.size(), backbone.patchSize(), below, below + backbone.patchSize()));
        }
    }
}
