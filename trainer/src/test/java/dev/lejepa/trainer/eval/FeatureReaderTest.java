package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.OnnxFiles;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.image.Interpolation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encoders here give back the very numbers that they are shown.
class FeatureReaderTest {
    private static final int SIZE = 4;
    private static final Map<String, String> METADATA =
            Map.of("image_size", "4", "resize", "4", "mean", "[0, 0, 0]", "std", "[1, 1, 1]");

    private static Engine engine;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(1));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private Path encoder(String input, int batch, Map<String, String> metadata) throws IOException {
        var g = new Graph("mirror");
        var x = g.input(input, new Type(DType.FLOAT32, Shape.batched(1, 3, SIZE, SIZE)));
        g.output("seen", x.reshape(1, 3 * SIZE * SIZE));
        g.output("tokens", x.reshape(1, 3, SIZE * SIZE));
        var model = Lowering.lower(g, Target.PORTABLE, metadata);
        var file = folder.resolve("encoder.onnx");
        OnnxFiles.write(batch == 0 ? model : model.withBatch(batch), file);
        return file;
    }

    /// Images whose red level is 10 times their number, and 1 more in the right half.
    private ImageStore images(int count) throws IOException {
        for (var i = 0; i < count; i++) {
            var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
            for (var p = 0; p < SIZE * SIZE; p++) {
                image.setRGB(p % SIZE, p / SIZE, 10 * i + (p % SIZE < SIZE / 2 ? 0 : 1) << 16);
            }
            var file = folder.resolve("images/c%d/%d.png".formatted(i % 2, i));
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return ImageStore.open(ImageFolder.of(folder.resolve("images")), 1 << 20, 1, 0);
    }

    private static Preparation.Given given(int size) {
        return new Preparation.Given(
                OptionalInt.of(size),
                OptionalInt.empty(),
                Optional.of(Interpolation.BICUBIC),
                Optional.of(List.of(0.0, 0.0, 0.0)),
                Optional.of(List.of(0.5, 1.0, 1.0)));
    }

    @Test
    void rowsAreTheImagesInTheirOrderWhateverTheBatch() throws Exception {
        var store = images(7);
        for (var batch : List.of(0, 1, 3)) {
            try (var encoder = Encoder.open(engine, encoder("pixels", batch, METADATA), Preparation.Given.none())) {
                var rows = new FeatureReader(encoder, 2).rows(store, "seen");
                assertEquals(7, rows.features().rows());
                assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1}, rows.labels());
                for (var i = 0; i < 7; i++) {
                    var name = store.source().name(rows.images().get(i)).getFileName();
                    var number = Integer.parseInt(name.toString().replace(".png", ""));
                    assertEquals(10 * number / 255f, rows.features().at(i, 0), 1e-7f);
                    assertEquals((10 * number + 1) / 255f, rows.features().at(i, 3), 1e-7f);
                }
            }
        }
    }

    /// All pixels of an image of one color are those of its views, as nothing changes colors here.
    @Test
    void viewsOfAnImageStandTogetherWhateverTheBatch() throws Exception {
        var store = images(5);
        var usual = ViewsSpec.defaults();
        var crop = new CropSpec(3, SIZE, new Interval(0.5, 1));
        var plain = new ViewsSpec(
                crop,
                crop,
                usual.ratio(),
                0.5,
                new JitterSpec(0, 0, 0, 0, 0),
                0,
                new BlurSpec(0, 3, new Interval(1, 1)),
                new SolarizeSpec(0, 128),
                usual.mean(),
                usual.std());
        Features first = null;
        for (var batch : List.of(0, 1, 4)) {
            try (var encoder = Encoder.open(engine, encoder("x", batch, METADATA), Preparation.Given.none())) {
                var rows =
                        new ViewReader(encoder, 2).read(store, ViewGroup.augmented("views", plain, crop), "seen", 4, 0);
                assertEquals(4 * 3, rows.rows());
                for (var i = 0; i < rows.rows(); i++) {
                    var level = Math.round(rows.at(i, 0) * 255) / 10;
                    assertEquals(level, Math.round(rows.at(i / 3 * 3, 0) * 255) / 10, "view " + i);
                }
                first = first == null ? rows : first;
                assertArrayEquals(first.values(), rows.values(), "images and draws are functions of the seed");
            }
        }
    }

    @Test
    void healthComparesViewsOfImages() throws Exception {
        var store = images(9);
        try (var encoder = Encoder.open(engine, encoder("x", 0, METADATA), Preparation.Given.none())) {
            var features = new FeatureReader(encoder, 1).rows(store, "seen").features();
            var views = new HealthReader(encoder, 1).views(store, "seen", HealthReader.usualViews());
            var report = HealthReader.report(features, views);
            assertEquals(9, report.images().rows());
            assertTrue(report.numbers().keySet().containsAll(List.of("rankme", "lidar", "alignment", "uniformity")));
            assertEquals(8, report.numbers().get("lidar_images"));
            assertEquals(48, report.spectrum().length);
        }
    }

    @Test
    void imagesThatCannotBeReadAreLeftOut() throws Exception {
        images(3);
        Files.writeString(folder.resolve("images/c0/1.png"), "no image");
        var store = ImageStore.open(ImageFolder.of(folder.resolve("images")), 1 << 20, 1, 0);
        try (var encoder = Encoder.open(engine, encoder("x", 0, METADATA), Preparation.Given.none())) {
            assertEquals(
                    3,
                    new FeatureReader(encoder, 1).rows(store, "seen").features().rows());
        }
    }

    @Test
    void mirroredImagesAreTheSameFromRightToLeft() throws Exception {
        var store = images(1);
        try (var encoder = Encoder.open(engine, encoder("x", 1, METADATA), Preparation.Given.none())) {
            new FeatureReader(encoder, 1).read(store, (batch, shown, outputs) -> {
                try (var mirrored = encoder.run(shown.mirrored())) {
                    var there = outputs.get("seen").toFloats();
                    var back = mirrored.get("seen").toFloats();
                    for (var i = 0; i < there.length; i++) {
                        assertEquals(there[i], back[i / SIZE * SIZE + SIZE - 1 - i % SIZE]);
                    }
                    assertTrue(there[0] != back[0]);
                }
            });
        }
    }

    @Test
    void whatIsGivenCountsWhereTheFileSaysNothing() throws Exception {
        var file = encoder("x", 0, Map.of());
        var refused = assertThrows(BadInputException.class, () -> Encoder.open(engine, file, Preparation.Given.none()));
        assertTrue(refused.getMessage().contains("give --mean R,G,B --std R,G,B"), refused.getMessage());
        try (var encoder = Encoder.open(engine, file, given(SIZE))) {
            assertEquals(Interpolation.BICUBIC, encoder.preparation().interpolation());
            var rows = new FeatureReader(encoder, 1).rows(images(2), "seen");
            assertEquals(10 / 255f / 0.5f, rows.features().at(1, 0), 1e-7f);
        }
    }

    @Test
    void graphsThatAreNoEncodersAreRefused() throws Exception {
        var file = encoder("x", 0, METADATA);
        var otherSize = assertThrows(BadInputException.class, () -> Encoder.open(engine, file, given(8)));
        assertTrue(otherSize.getMessage().contains("images are to have 8 pixels"), otherSize.getMessage());
        try (var encoder = Encoder.open(engine, file, Preparation.Given.none())) {
            var none = assertThrows(BadInputException.class, () -> encoder.width("layers"));
            assertTrue(none.getMessage().contains("has no output 'layers'; it has seen, tokens"), none.getMessage());
            var wide = assertThrows(BadInputException.class, () -> encoder.width("tokens"));
            assertTrue(wide.getMessage().contains("expected features as float32 [N, width]"), wide.getMessage());
        }
        var g = new Graph("rows");
        g.output("y", g.input("x", Type.f32(2, 3)));
        OnnxFiles.write(Lowering.lower(g, Target.PORTABLE, METADATA), file);
        var rows = assertThrows(BadInputException.class, () -> Encoder.open(engine, file, Preparation.Given.none()));
        assertTrue(rows.getMessage().contains("expected images as float32"), rows.getMessage());
    }
}
