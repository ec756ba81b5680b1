package dev.lejepa.tools.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.cli.TinyProject;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.image.Box;
import dev.lejepa.trainer.image.JitterDraw;
import dev.lejepa.trainer.image.JitterDraw.Change;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.image.ViewDraw;
import dev.lejepa.trainer.train.ViewGroups;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewTest {
    @TempDir
    Path folder;

    /// One image is broken, so that a stand-in is seen too.
    @Test
    void viewsAreThoseOfTheFirstBatch() throws Exception {
        var project = TinyProject.in(folder);
        var recipe = RecipeFile.read(project.recipe(), List.of());
        var images = ImageFolder.of(project.train());
        var order = new EpochOrder(recipe.seed(), images, recipe.data().batch());
        Files.writeString(images.path(order.of(0)[1]), "no image");
        var preview = Preview.of(images, recipe, 100);
        assertEquals(recipe.data().batch(), preview.images().size());
        assertEquals(3 * recipe.data().batch(), preview.views());
        var store = ImageStore.open(images, 1000, 0.5, 0);
        try (var loader =
                        new TrainLoader(store, order, ViewGroups.training(recipe.views()), 0, 1, new LoaderSize(1, 2));
                var batch = loader.next()) {
            for (var row = 0; row < preview.images().size(); row++) {
                assertEquals(batch.imagesRead()[row], preview.images().get(row).image());
                assertViews(recipe, batch, row, preview.images().get(row));
            }
        }
    }

    private static void assertViews(Recipe recipe, Batch batch, int row, Preview.Row shown) {
        for (var group : recipe.views().groups()) {
            var size = group.crop().size();
            var bytes = 3L * size * size;
            var all = batch.views(ViewInput.name(group.name()));
            for (var v = 0; v < group.crop().count(); v++) {
                var view = all.asSlice((row * (long) group.crop().count() + v) * bytes, bytes)
                        .toArray(ValueLayout.JAVA_BYTE);
                var picture = shown.views().get(group.first() + v).picture();
                assertArrayEquals(view, planes(picture), group.name() + " " + v + " of row " + row);
            }
        }
    }

    private static byte[] planes(RgbImage picture) {
        var rgb = picture.toArray();
        var pixels = rgb.length / 3;
        var planes = new byte[rgb.length];
        for (var i = 0; i < rgb.length; i++) {
            planes[i % 3 * pixels + i / 3] = rgb[i];
        }
        return planes;
    }

    @Test
    void drawsAreToldInTheirOrder() {
        var jitter = new JitterDraw(List.of(Change.HUE, Change.BRIGHTNESS), 1.25, 1, 1, -0.05);
        var draw =
                new ViewDraw(new Box(10, 20, 30, 50), 8, true, Optional.of(jitter), true, OptionalDouble.of(1.5), true);
        assertEquals(
                List.of(
                        "crop 50 x 30",
                        "at 20, 10",
                        "15.0 % of the image",
                        "hue -0.050",
                        "brightness 1.25",
                        "gray",
                        "blur 1.50",
                        "solarize",
                        "flip"),
                DrawWords.of(draw, 100, 100));
    }
}
