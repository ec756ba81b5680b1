package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewGroupSpec;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ContactSheet;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A batch's first images and their views as one picture. The views are taken from the very memory that the network
/// reads, so what went wrong on the way there shows.
final class FirstViews {
    private static final int IMAGES = 8;
    private static final int CELL = 128;

    private FirstViews() {}

    /// @param made the views that a stage of the program has made of the batch by input name; none where the loader made
    /// them
    static void write(Batch batch, Map<String, DeviceTensor> made, ImageSource images, Recipe recipe, Path png)
            throws IOException {
        var count = Math.min(IMAGES, batch.size());
        var views = new HashMap<String, MemorySegment>();
        for (var group : recipe.views().groups()) {
            var name = ViewInput.name(group.name());
            var tensor = made.get(name);
            views.put(
                    name,
                    tensor == null
                            ? batch.views(name)
                            : copy(tensor, (long) count * group.crop().count()));
        }
        var sheet = new ContactSheet(CELL);
        var decoder = new ImageDecoder(recipe.data().maxPixels());
        try (var source = new RgbImage()) {
            for (var n = 0; n < count; n++) {
                var row = new ArrayList<RgbImage>();
                for (var group : recipe.views().groups()) {
                    row.addAll(views(views, group, n));
                }
                try {
                    images.decode(batch.imagesRead()[n], decoder, source);
                } catch (BrokenImageException e) {
                    throw new IOException(e.getMessage(), e); // it was whole a moment ago
                }
                sheet.add(source, row);
            }
        }
        sheet.write(png);
    }

    private static MemorySegment copy(DeviceTensor tensor, long rows) {
        try (var first = tensor.slice(0, rows)) {
            var bytes = MemorySegment.ofArray(new byte[Math.toIntExact(first.byteSize())]);
            first.copyTo(bytes);
            return bytes;
        }
    }

    private static List<RgbImage> views(Map<String, MemorySegment> views, ViewGroupSpec group, int image) {
        var crop = group.crop();
        var all = Objects.requireNonNull(views.get(ViewInput.name(group.name())));
        var pictures = new ArrayList<RgbImage>();
        var bytes = 3L * crop.size() * crop.size();
        for (var v = 0; v < crop.count(); v++) {
            var at = (image * (long) crop.count() + v) * bytes;
            pictures.add(picture(all.asSlice(at, bytes), crop.size()));
        }
        return pictures;
    }

    /// The interleaved form of `[3, size, size]`.
    private static RgbImage picture(MemorySegment view, int size) {
        var pixels = new byte[3 * size * size];
        for (var c = 0; c < 3; c++) {
            for (var i = 0; i < size * size; i++) {
                pixels[3 * i + c] = view.get(ValueLayout.JAVA_BYTE, (long) c * size * size + i);
            }
        }
        return new RgbImage(size, size, pixels);
    }
}
