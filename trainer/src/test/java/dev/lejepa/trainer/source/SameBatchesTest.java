package dev.lejepa.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.ViewGroup;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same images in the same order are the same batches to the byte, wherever they lie.
class SameBatchesTest {
    private static final List<String> CLASSES = List.of("ant", "bee", "cat");
    private static final int SIDE = 32;
    private static final int IMAGES = 12;
    private static final long MAX_PIXELS = 1 << 20;

    @TempDir
    Path root;

    /// Writes the images in one of the forms.
    @FunctionalInterface
    private interface Writer {
        /// @return what a recipe says of them
        List<SourceSpec> write(Path root) throws IOException;
    }

    private record Form(String name, Writer writer) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// A line for each kind of source.
    static Stream<Form> forms() {
        return Stream.of(
                new Form("CIFAR's folder", SameBatchesTest::cifarFolder),
                new Form("CIFAR's batches", SameBatchesTest::cifarBatches),
                new Form("two folders", SameBatchesTest::twoFolders));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theSameImagesAreTheSameBatches(Form form) throws Exception {
        var folder = batches(folder(root.resolve("folder")), 0);
        assertEquals(6, folder.size());
        assertNotEquals(folder.get(0), folder.get(3)); // another epoch
        assertEquals(folder, batches(form.writer().write(Files.createDirectories(root.resolve("other"))), 0));
    }

    @Test
    void aMixtureThatStartsLaterDeliversTheSameBatches() throws Exception {
        var sources = twoFolders(root);
        var weighted = List.of(new SourceSpec(sources.get(0).path(), OptionalDouble.of(3)), sources.get(1));
        var all = batches(weighted, 0);
        assertNotEquals(batches(sources, 0), all);
        assertEquals(all.subList(4, 6), batches(weighted, 4));
    }

    /// All that batches hold, from a step on.
    private static List<String> batches(List<SourceSpec> sources, long first) throws Exception {
        var views = ViewsSpec.defaults();
        var crop = new CropSpec(2, 24, new Interval(0.3, 1));
        var groups = List.of(ViewGroup.augmented("views", views, crop));
        var batches = new ArrayList<String>();
        try (var store = ImageStore.open(Sources.open(sources), MAX_PIXELS, 0, 0);
                var loader = new TrainLoader(
                        store, new EpochOrder(5, store.source(), 4), groups, first, 6, new LoaderSize(2, 3))) {
            assertEquals(CLASSES, store.source().classes());
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    batches.add(Arrays.toString(batch.images())
                            + Arrays.toString(batch.labels())
                            + Arrays.toString(batch.views("views").toArray(ValueLayout.JAVA_BYTE)));
                }
            }
        }
        return batches;
    }

    private static int label(int image) {
        return image * CLASSES.size() / IMAGES;
    }

    /// Noise, all red levels first.
    private static byte[] planes(int image) {
        var draws = Key.of(image).draws();
        var bytes = new byte[3 * SIDE * SIDE];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) draws.below(256);
        }
        return bytes;
    }

    private static List<SourceSpec> folder(Path root) throws IOException {
        write(root, 0, IMAGES);
        return List.of(SourceSpec.of(PathText.text(root)));
    }

    /// The first class in one, the others in another.
    private static List<SourceSpec> twoFolders(Path root) throws IOException {
        write(root.resolve("one"), 0, IMAGES / 3);
        write(root.resolve("two"), IMAGES / 3, IMAGES);
        return Stream.of("one", "two")
                .map(name -> SourceSpec.of(PathText.text(root.resolve(name))))
                .toList();
    }

    private static void write(Path root, int from, int to) throws IOException {
        for (var image = from; image < to; image++) {
            var planes = planes(image);
            var pixels = new byte[planes.length];
            for (var i = 0; i < planes.length; i++) {
                pixels[i] = planes[i % 3 * SIDE * SIDE + i / 3];
            }
            var folder = Files.createDirectories(root.resolve(CLASSES.get(label(image))));
            ImageIO.write(
                    buffered(pixels),
                    "png",
                    folder.resolve("%02d.png".formatted(image)).toFile());
        }
    }

    private static BufferedImage buffered(byte... rgb) {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (var i = 0; i < SIDE * SIDE; i++) {
            var color = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % SIDE, i / SIDE, color);
        }
        return image;
    }

    private static List<SourceSpec> cifarFolder(Path root) throws IOException {
        cifar(root);
        Files.write(root.resolve("test_batch.bin"), record(0));
        return List.of(SourceSpec.of(PathText.text(root)));
    }

    private static List<SourceSpec> cifarBatches(Path root) throws IOException {
        cifar(root);
        return List.of(SourceSpec.of(PathText.text(root) + "/data_batch_{1..5}.bin"));
    }

    private static void cifar(Path root) throws IOException {
        Files.write(root.resolve("batches.meta.txt"), CLASSES);
        for (var batch = 0; batch < 5; batch++) {
            var bytes = new ByteArrayOutputStream();
            var to = batch == 4 ? IMAGES : 2 * batch + 2;
            IntStream.range(2 * batch, to).forEach(image -> bytes.writeBytes(record(image)));
            Files.write(root.resolve("data_batch_%d.bin".formatted(batch + 1)), bytes.toByteArray());
        }
    }

    private static byte[] record(int image) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(label(image));
        bytes.writeBytes(planes(image));
        return bytes.toByteArray();
    }
}
