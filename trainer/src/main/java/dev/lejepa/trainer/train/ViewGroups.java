package dev.lejepa.trainer.train;

import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.image.EvalTransform;
import java.util.List;

/// How a recipe's views are made.
public final class ViewGroups {
    private ViewGroups() {}

    /// The augmented views of a training step, under the names of the inputs that take them.
    public static List<ViewGroup> training(ViewsSpec views) {
        return views.groups().stream()
                .map(g -> ViewGroup.augmented(ViewInput.name(g.name()), views, g.crop()))
                .toList();
    }

    /// What a step reads: its views, or what a device makes them of.
    public static List<ViewGroup> fed(ViewsSpec views) {
        return views.onDevice()
                ? views.groups().stream()
                        .flatMap(
                                g -> ViewGroup.cropped(
                                        CropInput.of(
                                                g.name(),
                                                g.crop().count(),
                                                g.crop().size()),
                                        views,
                                        g.crop())
                                        .stream())
                        .toList()
                : training(views);
    }

    /// The one view of evaluation: shorter side to `size`, center crop.
    public static ViewGroup evaluation(int size) {
        return new ViewGroup(EvaluateGraph.IMAGES, 1, size, () -> {
            var transform = new EvalTransform(size);
            return (image, draws, to) -> transform.write(image, to, 0);
        });
    }
}
