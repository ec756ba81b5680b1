package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.BackboneRules;
import dev.lejepa.graphs.models.Probe;
import dev.lejepa.graphs.models.Projector;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Fault;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Models from a recipe.
public final class ModelFactory {
    private ModelFactory() {}

    /// The backbone that a recipe names, with its arguments over the named model's own.
    ///
    /// @throws BadInputException if the name is unknown or the arguments do not fit together
    public static Backbone backbone(BackboneSpec spec) {
        return Registry.build(spec);
    }

    /// Everything that a step computes with.
    ///
    /// @param classes labels that the online probe tells apart; 0 for no probe
    ///
    /// @throws BadInputException if the backbone cannot be built, or cannot take the recipe's views
    public static StepModel model(Recipe recipe, int classes) {
        var faults = BackboneRules.faults(recipe);
        if (!faults.isEmpty()) {
            throw new BadInputException(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        }
        var backbone = backbone(recipe.model().backbone());
        if (!backbone.pooled()) {
            throw new BadInputException(
                    "model.backbone.global_pool is '', which leaves a row per token; a step needs one"
                            + " embedding of each image");
        }
        var spec = recipe.model().projector();
        var width = backbone.embeddingWidth();
        Optional<Probe> probe = classes == 0 ? Optional.empty() : Optional.of(new Probe(width, classes));
        return new StepModel(
                backbone, new Projector(width, spec.hidden(), spec.out()), LossFactory.loss(recipe), probe);
    }

    /// How the images of a recipe come.
    public static Pixels.Levels levels(ViewsSpec views) {
        return new Pixels.Levels(views.mean(), views.std());
    }

    /// The view inputs of a recipe, one for each of its groups.
    public static List<ViewInput> views(Recipe recipe) {
        var levels = levels(recipe.views());
        return recipe.views().groups().stream()
                .map(g -> new ViewInput(
                        new Views(g.name(), g.first(), g.crop().count()),
                        g.crop().size(),
                        g.crop().size(),
                        levels))
                .toList();
    }
}
