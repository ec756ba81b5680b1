package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.augment.DrawColumn;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.CropWriter;
import dev.lejepa.trainer.image.ViewPipeline;
import dev.lejepa.trainer.image.ViewSampler;
import java.util.List;
import java.util.function.Supplier;

/// Views of one size, made in one way: the global ones, the local ones. Or what a device makes them of.
///
/// @param name by which whoever reads the views finds them in a batch
/// @param count views per image, `V`
/// @param bytes of one view
/// @param again whether these are the views of the group before it in another form, of the same draws
/// @param makers makes the maker of one thread
public record ViewGroup(String name, int count, long bytes, boolean again, Supplier<ViewMaker> makers) {
    public ViewGroup {
        if (count < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    Text.format("%d views of %d bytes: both must be positive", count, bytes));
        }
    }

    /// Views of bytes `[3, size, size]`.
    public ViewGroup(String name, int count, int size, Supplier<ViewMaker> makers) {
        this(name, count, 3L * size * size, false, makers);
    }

    /// Crops of one kind, augmented as a recipe says.
    public static ViewGroup augmented(String name, ViewsSpec views, CropSpec crop) {
        return new ViewGroup(name, crop.count(), crop.size(), () -> {
            var pipeline = new ViewPipeline(views);
            return new DrawnViews(
                    new ViewSampler(views), crop, (image, draw, to) -> pipeline.write(image, draw, to, 0));
        });
    }

    /// What a device makes such views of: crops, bytes `[canvas, canvas, 3]`, and what is drawn, float32 `[columns]`.
    public static List<ViewGroup> cropped(CropInput input, ViewsSpec views, CropSpec crop) {
        var canvas = (long) input.canvas() * input.canvas() * 3;
        var columns = (long) DrawColumn.values().length * Float.BYTES;
        return List.of(
                new ViewGroup(
                        input.crops(),
                        input.count(),
                        canvas,
                        false,
                        () -> new DrawnViews(new ViewSampler(views), crop, new CropWriter(input)::writeCrop)),
                new ViewGroup(input.draws(), input.count(), columns, true, () -> {
                    var writer = new CropWriter(input);
                    return new DrawnViews(
                            new ViewSampler(views), crop, (image, draw, to) -> writer.writeDraws(draw, to));
                }));
    }
}
