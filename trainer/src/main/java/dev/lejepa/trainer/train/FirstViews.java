package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.report.ContactSheet;
import java.nio.file.Path;
import java.util.List;

/// The views of a batch's first images as one picture, taken from the very memory that the network reads.
final class FirstViews {
    private static final int IMAGES = 8;
    private static final int CELL = 96;

    private FirstViews() {}

    static void write(Batch batch, ViewsSpec views, Path png) {
        var images = Math.min(IMAGES, batch.size());
        var cell = Math.max(CELL, views.global().size() > 2 * CELL ? 2 * CELL : CELL);
        var sheet = new ContactSheet(images, views.count(), cell, floats(views.mean()), floats(views.std()));
        var crops = List.of(views.global(), views.local());
        var first = 0;
        for (var group = 0; group < crops.size(); group++) {
            var crop = crops.get(group);
            for (var n = 0; n < images && crop.count() > 0; n++) {
                for (var v = 0; v < crop.count(); v++) {
                    sheet.draw(n, first + v, pixels(batch, group, n * crop.count() + v, crop.size()), 0, crop.size());
                }
            }
            first += crop.count();
        }
        sheet.write(png);
    }

    private static float[] pixels(Batch batch, int group, int row, int size) {
        var bytes = 3L * size * size * Float.BYTES;
        return batch.views(group).asSlice(row * bytes, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
    }

    private static float[] floats(List<Double> values) {
        var array = new float[values.size()];
        for (var i = 0; i < array.length; i++) {
            array[i] = values.get(i).floatValue();
        }
        return array;
    }
}
