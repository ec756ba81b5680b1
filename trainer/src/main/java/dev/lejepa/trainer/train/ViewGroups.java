package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.image.EvalTransform;
import java.util.ArrayList;
import java.util.List;

/// How a recipe's views are made.
public final class ViewGroups {
    private ViewGroups() {}

    /// The augmented views of a training step: global ones, then local ones if there are any.
    public static List<ViewGroup> training(ViewsSpec views) {
        var groups = new ArrayList<ViewGroup>();
        groups.add(ViewGroup.augmented(views, views.global()));
        if (views.local().count() > 0) {
            groups.add(ViewGroup.augmented(views, views.local()));
        }
        return groups;
    }

    /// The one view of evaluation: shorter side to `size`, center crop.
    public static ViewGroup evaluation(int size) {
        return new ViewGroup(1, size, () -> {
            var transform = new EvalTransform(size);
            return (image, draws, to) -> transform.write(image, to, 0);
        });
    }
}
