package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.ViewPipeline;
import dev.lejepa.trainer.image.ViewSampler;
import java.util.function.Supplier;

/// Views of one size, made in one way: the global ones, the local ones.
///
/// @param name by which whoever reads the views finds them in a batch
/// @param count views per image, `V`
/// @param size height and width in pixels
/// @param makers makes the maker of one thread
public record ViewGroup(String name, int count, int size, Supplier<ViewMaker> makers) {
    public ViewGroup {
        if (count < 1 || size < 1) {
            throw new IllegalArgumentException(
                    Text.format("%d views of %d pixels: both must be positive", count, size));
        }
    }

    /// Crops of one kind, augmented as a recipe says.
    public static ViewGroup augmented(String name, ViewsSpec views, CropSpec crop) {
        return new ViewGroup(
                name,
                crop.count(),
                crop.size(),
                () -> new AugmentedViews(new ViewSampler(views), new ViewPipeline(views), crop));
    }

    /// Bytes of one view: `[3, size, size]`, one for each level.
    long viewBytes() {
        return 3L * size * size;
    }
}
