package dev.lejepa.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.packed.PackForm;
import dev.lejepa.trainer.packed.PackSettings;
import dev.lejepa.trainer.packed.Packer;
import dev.lejepa.trainer.parquet.ParquetImages;
import dev.lejepa.trainer.shards.IndexCache;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
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

    /// What a batch holds.
    ///
    /// @param views hash of the bytes
    private record Contents(List<Integer> images, List<Long> labels, String views) {
        static Contents of(Batch batch) throws NoSuchAlgorithmException {
            var bytes = batch.views("views").toArray(ValueLayout.JAVA_BYTE);
            return new Contents(
                    IntStream.of(batch.images()).boxed().toList(),
                    LongStream.of(batch.labels()).boxed().toList(),
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    /// A line for each kind of source.
    static Stream<Form> forms() {
        return Stream.of(
                new Form("tar shards", root -> shards(root, ".tar")),
                new Form("shards of gzip", root -> shards(root, ".tar.gz")),
                new Form("packed files", root -> packed(root, PackForm.ORIGINAL)),
                new Form("packed pixels", root -> packed(root, PackForm.RAW)),
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

    /// The table is written by `tools/interop/parquet_cases.py`; its images are taken out of it.
    @Test
    void aTableIsTheFilesInIt() throws Exception {
        var table = Path.of(ParquetImages.class.getResource("snappy.parquet").toURI());
        var folder = Files.createDirectories(root.resolve("files"));
        var specs = List.of(SourceSpec.of(PathText.text(table)));
        try (var source = new Sources(new IndexCache(root.resolve("indexes"), _ -> {})).open(specs);
                var arena = Arena.ofConfined()) {
            for (var image = 0; image < source.size(); image++) {
                var bytes = source.encoded(image, arena).orElseThrow();
                Files.write(folder.resolve("%02d.png".formatted(image)), bytes.toArray(ValueLayout.JAVA_BYTE));
            }
        }
        var files = batches(List.of(SourceSpec.of(PathText.text(folder))), 0);
        var rows = batches(specs, 0);
        assertEquals(
                files.stream().map(Contents::images).toList(),
                rows.stream().map(Contents::images).toList());
        assertEquals(
                files.stream().map(Contents::views).toList(),
                rows.stream().map(Contents::views).toList());
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
    private List<Contents> batches(List<SourceSpec> sources, long first) throws Exception {
        var views = ViewsSpec.defaults();
        var crop = new CropSpec(2, 24, new Interval(0.3, 1));
        var groups = List.of(ViewGroup.augmented("views", views, crop));
        var batches = new ArrayList<Contents>();
        try (var store = ImageStore.open(new Sources(new IndexCache(root.resolve("indexes"), _ -> {})).open(sources), MAX_PIXELS, 0, 0);
                var loader = new TrainLoader(
                        store, new EpochOrder(5, store.source(), 4), groups, first, 6, new LoaderSize(2, 3))) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    batches.add(Contents.of(batch));
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
            var folder = Files.createDirectories(root.resolve(CLASSES.get(label(image))));
            Files.write(folder.resolve("%02d.png".formatted(image)), png(image));
        }
    }

    /// Row by row, three levels each.
    private static byte[] pixels(int image) {
        var planes = planes(image);
        var pixels = new byte[planes.length];
        for (var i = 0; i < planes.length; i++) {
            pixels[i] = planes[i % 3 * SIDE * SIDE + i / 3];
        }
        return pixels;
    }

    private static BufferedImage buffered(byte... rgb) {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (var i = 0; i < SIDE * SIDE; i++) {
            var color = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % SIDE, i / SIDE, color);
        }
        return image;
    }

    private static byte[] png(int image) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(buffered(pixels(image)), "png", bytes);
        return bytes.toByteArray();
    }

    private static List<SourceSpec> shards(Path root, String suffix) throws IOException {
        for (var shard = 0; shard < 3; shard++) {
            var file = root.resolve("s-%02d%s".formatted(shard, suffix));
            OutputStream bytes = Files.newOutputStream(file);
            try (var tar = new TarArchiveOutputStream(suffix.endsWith("gz") ? new GZIPOutputStream(bytes) : bytes)) {
                for (var image = shard * 4; image < shard * 4 + 4; image++) {
                    var content = png(image);
                    var entry = new TarArchiveEntry("%s/%02d.png".formatted(CLASSES.get(label(image)), image));
                    entry.setSize(content.length);
                    tar.putArchiveEntry(entry);
                    tar.write(content);
                    tar.closeArchiveEntry();
                }
            }
        }
        return List.of(SourceSpec.of(PathText.text(root) + "/s-{00..02}" + suffix));
    }

    private static List<SourceSpec> packed(Path root, PackForm form) throws IOException {
        var file = root.resolve("images.packed");
        try (var source = Sources.ofUser(_ -> {}).open(folder(root.resolve("to-pack")))) {
            new Packer(source, new PackSettings(form, OptionalInt.empty(), PackSettings.QUALITY), MAX_PIXELS, 1)
                    .write(file, _ -> {});
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return List.of(SourceSpec.of(PathText.text(file)));
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
