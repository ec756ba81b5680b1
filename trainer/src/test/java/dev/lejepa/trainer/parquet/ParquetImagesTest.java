package dev.lejepa.trainer.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.shards.IndexCache;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads what `tools/interop/parquet_cases.py` wrote.
class ParquetImagesTest {
    private static final List<String> CLASSES = List.of("bulbul", "axolotl", "goldfish");

    @TempDir
    Path folder;

    private static Path file(String name) throws URISyntaxException {
        return Path.of(ParquetImagesTest.class.getResource(name + ".parquet").toURI());
    }

    private ParquetImages open(ColumnChoice choice, Path... files) {
        return ParquetImages.open("tables", List.of(files), choice, new IndexCache(folder.resolve("index"), _ -> {}));
    }

    private ParquetImages open(String name) throws URISyntaxException {
        return open(ColumnChoice.usual(), file(name));
    }

    private String refusal(ColumnChoice choice, Path... files) {
        return assertThrows(BadInputException.class, () -> open(choice, files)).getMessage();
    }

    private static void assertImage(int expected, ImageSource images, int image) throws BrokenImageException {
        var out = new RgbImage();
        images.decode(image, new ImageDecoder(), out);
        assertEquals(expected + 3, out.width());
        assertEquals(expected + 2, out.height());
        var color = new byte[] {(byte) (10 * expected), (byte) (200 - 10 * expected), (byte) (7 * expected)};
        assertArrayEquals(color, Arrays.copyOf(out.toArray(), 3), "image " + image);
        assertEquals((expected + 3) * (expected + 2), images.pixels(image, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "none", "pages"})
    void everyRowIsReadHoweverPagesAreCompressed(String name) throws Exception {
        try (var images = open(name)) {
            assertEquals(9, images.size());
            assertEquals(CLASSES, images.classes());
            for (var i = 8; i >= 0; i--) {
                assertImage(i, images, i);
                assertEquals(i % 3, images.label(i));
                assertEquals(Path.of(name + ".parquet", i + "-0" + i + ".png"), images.name(i));
            }
            assertTrue(images.blocks().isEmpty()); // so few bytes are all kept
        }
    }

    @Test
    void aKeptIndexGivesTheSameImages() throws Exception {
        for (var time = 0; time < 2; time++) {
            try (var images = open(ColumnChoice.usual(), file("snappy"), file("zstd"))) {
                assertEquals(18, images.size());
                assertImage(8, images, 8);
                assertImage(0, images, 9);
                assertEquals(Path.of("zstd.parquet", "0-00.png"), images.name(9));
            }
        }
        assertEquals(1, Files.list(folder.resolve("index")).count());
    }

    @Test
    void dictionariesAreLookedUp() throws Exception {
        try (var images = open("dictionary")) {
            var expected = List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 4, 4, 1, 4);
            for (var i = 0; i < expected.size(); i++) {
                assertImage(expected.get(i), images, i);
                assertEquals(ImageSource.UNLABELLED, images.label(i));
            }
            assertEquals(Path.of("dictionary.parquet", "3"), images.name(3));
        }
    }

    @Test
    void textsAreClassesSortedByTheirBytes() throws Exception {
        try (var images = open(new ColumnChoice(Optional.of("picture"), Optional.of("kind")), file("texts"))) {
            assertEquals(List.of("ant", "zebra", "\u00e9clair"), images.classes());
            assertEquals(
                    List.of(1, 0, 2, 0),
                    IntStream.range(0, 4).map(images::label).boxed().toList());
            assertImage(3, images, 3);
        }
    }

    @Test
    void theOnlyColumnOfBytesIsFound() throws Exception {
        try (var images = open("texts")) {
            assertImage(2, images, 2);
            assertTrue(images.classes().isEmpty());
        }
    }

    @Test
    void numbersWithoutNamesAreSortedAsNumbers() throws Exception {
        try (var images = open("numbers")) {
            assertEquals(List.of("2", "10"), images.classes());
            assertEquals(
                    List.of(1, 0, -1),
                    IntStream.range(0, 3).map(images::label).boxed().toList());
        }
    }

    @Test
    void rowsWithoutAnImageAreBroken() throws Exception {
        try (var images = open("nulls")) {
            var reasons = new ArrayList<String>();
            for (var i : List.of(0, 1, 2, 4)) {
                var scanned = assertThrows(BrokenImageException.class, () -> images.pixels(i, Long.MAX_VALUE));
                var decoded = assertThrows(
                        BrokenImageException.class, () -> images.decode(i, new ImageDecoder(), new RgbImage()));
                assertEquals(scanned.reason(), decoded.reason());
                reasons.add(decoded.reason().replaceFirst(", .* image$", " ..."));
            }
            assertEquals(
                    List.of(
                            "is null",
                            "has no bytes, only a name",
                            "is no JPEG ...",
                            "is empty (zero bytes)"),
                    reasons);
            assertImage(3, images, 3);
            assertEquals(List.of(-1, -1), List.of(images.label(3), images.label(4)));
        }
    }

    @Test
    void aTableOfNamesIsRefused() throws Exception {
        var message = refusal(ColumnChoice.usual(), file("paths"));
        assertTrue(message.contains("image has names of files only"), message);
    }

    @Test
    void anotherSchemaIsRefusedWithItsColumns() throws Exception {
        var message = refusal(ColumnChoice.usual(), file("other"));
        assertTrue(message.contains("wanted image.bytes or image, of bytes"), message);
        assertTrue(message.contains("x (double), label (double), words.list.element (text)"), message);
    }

    @Test
    void aColumnThatIsNotThereIsRefused() throws Exception {
        var images = refusal(new ColumnChoice(Optional.of("photo"), Optional.empty()), file("snappy"));
        assertTrue(images.contains("wanted photo.bytes or photo"), images);
        var labels = refusal(new ColumnChoice(Optional.empty(), Optional.of("kind")), file("snappy"));
        assertTrue(labels.contains("has no column kind of whole numbers or texts"), labels);
    }

    @Test
    void labelsOfTwoKindsAreRefused() throws Exception {
        var message = refusal(ColumnChoice.usual(), file("snappy"), file("numbers"));
        assertTrue(message.contains("numbers.parquet has numbers as labels where"), message);
        assertTrue(message.contains("snappy.parquet has labels with class names"), message);
    }

    @Test
    void aTableWithoutRowsIsRefused() throws Exception {
        var message = refusal(ColumnChoice.usual(), file("empty"));
        assertTrue(message.contains("have no rows"), message);
    }

    @Test
    void whatIsNoTableIsRefused() throws Exception {
        var whole = Files.readAllBytes(file("snappy"));
        for (var length : List.of(0, 3, 500, whole.length - 1)) {
            var cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
            var message = refusal(ColumnChoice.usual(), cut);
            assertTrue(message.contains("cut.parquet: cannot be read as a Parquet file: "), message);
        }
    }

    /// Whatever byte of the images' pages is wrong, the others are read, and nothing but a broken image comes of it.
    @Test
    void damagedPagesAreBrokenImages() throws Exception {
        var whole = Files.readAllBytes(file("pages"));
        var damaged = folder.resolve("damaged.parquet");
        var lost = 0;
        for (var at = 4; at < 1600; at += 31) {
            var bytes = whole.clone();
            bytes[at] ^= 0x55;
            Files.write(damaged, bytes);
            try (var images = open(ColumnChoice.usual(), damaged)) {
                lost += unreadable(images);
            }
        }
        // a damaged page has one image, a damaged header all that follow in its group of rows
        assertTrue(lost > 30, lost + " images were lost");
    }

    private static int unreadable(ImageSource images) {
        var lost = 0;
        for (var i = 0; i < images.size(); i++) {
            try {
                images.decode(i, new ImageDecoder(), new RgbImage());
            } catch (BrokenImageException e) {
                lost++;
            }
        }
        return lost;
    }

    @Test
    void aTableThatChangesWhileItIsReadEndsTheRun() throws Exception {
        var table = Files.copy(file("snappy"), folder.resolve("table.parquet"));
        try (var images = open(ColumnChoice.usual(), table)) {
            Files.write(table, Files.readAllBytes(file("zstd")));
            var changed =
                    assertThrows(BadInputException.class, () -> images.decode(0, new ImageDecoder(), new RgbImage()));
            assertTrue(changed.getMessage().contains("table.parquet: changed while"), changed.getMessage());
        }
    }
}
