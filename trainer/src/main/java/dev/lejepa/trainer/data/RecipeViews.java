package dev.lejepa.trainer.data;

import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.EvalTransform;
import dev.lejepa.trainer.image.Normalizer;
import dev.lejepa.trainer.image.ViewPipeline;
import dev.lejepa.trainer.image.ViewSampler;
import java.util.List;
import java.util.stream.Stream;

/// The views that a recipe asks for.
public final class RecipeViews {
    private RecipeViews() {}

    /// The global views, then the local ones where there are any.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the blur's kernel is too large for the views
    public static List<ViewGroup> training(ViewsSpec spec) {
        return Stream.of(spec.global(), spec.local())
                .filter(crop -> crop.count() > 0)
                .map(crop -> new ViewGroup(crop.count(), crop.size(), () -> maker(spec, crop)))
                .toList();
    }

    /// The one view of evaluation.
    ///
    /// @param size side of the view in pixels
    public static ViewGroup evaluation(ViewsSpec spec, int size) {
        return new ViewGroup(1, size, () -> {
            EvalTransform transform = new EvalTransform(size, new Normalizer(spec.mean(), spec.std()));
            return (image, draws, to) -> transform.write(image, to, 0);
        });
    }

    private static ViewMaker maker(ViewsSpec spec, CropSpec crop) {
        ViewSampler sampler = new ViewSampler(spec);
        ViewPipeline pipeline = new ViewPipeline(spec);
        return (image, draws, to) ->
                pipeline.write(image, sampler.draw(image.height(), image.width(), crop, draws), to, 0);
    }
}
