package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewGroupSpec;
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
import java.util.List;

/// A batch's first images and their views as one picture. The views are taken from the very memory that the network
/// reads, so what went wrong on the way there shows.
final class FirstViews {
    private static final int IMAGES = 8;
    private static final int CELL = 128;

    private FirstViews() {}

    static void write(Batch batch, ImageSource images, Recipe recipe, Path png) throws IOException {
        var sheet = new ContactSheet(CELL);
        var decoder = new ImageDecoder(recipe.data().maxPixels());
        try (var source = new RgbImage()) {
            for (var n = 0; n < Math.min(IMAGES, batch.size()); n++) {
                var row = new ArrayList<RgbImage>();
                for (var group : recipe.views().groups()) {
                    row.addAll(views(batch, group, n));
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

    private static List<RgbImage> views(Batch batch, ViewGroupSpec group, int image) {
        var crop = group.crop();
        var all = batch.views(ViewInput.name(group.name()));
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
