package dev.lejepa.trainer.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
    private static final List<String> TEN = List.of("airplane", "automobile", "bird");

    @TempDir
    Path root;

    @Test
    void binaryFilesAndPicklesHoldTheSameImages() throws IOException, BrokenImageException {
        Path binary = Files.createDirectories(root.resolve("a/cifar-10-batches-bin"));
        Path pickled = Files.createDirectories(root.resolve("b/cifar-10-batches-py"));
        Miniature.cifar10Binary(binary);
        Miniature.cifar10Pickles(pickled);
        for (Path folder : List.of(binary, binary.getParent(), pickled, pickled.getParent())) {
            Splits splits = Layout.CIFAR10.open(folder);
            assertEquals(TEN, splits.train().classes());
            assertEquals(List.of(0, 1, 2, 0, 1), labels(splits.train()));
            assertEquals(List.of(2), labels(splits.test()));
            for (int image = 0; image < 5; image++) {
                assertPixels(10 * image, splits.train(), image);
            }
            assertPixels(50, splits.test(), 0);
        }
    }

    @Test
    void imagesAreCalledByTheirFileAndPlace() throws IOException {
        Files.write(root.resolve("train.bin"), twice(Miniature.binaryImage(1, 0, 1)));
        Files.write(root.resolve("test.bin"), Miniature.binaryImage(2, 0, 2));
        Miniature.text(root.resolve("fine_label_names.txt"), "apple", "aquarium_fish", "baby");
        Splits splits = Layout.CIFAR100.open(root);
        assertEquals(List.of("train.bin/0 1", "train.bin/1 1"), Miniature.told(splits.train()));
        assertEquals(List.of("test.bin/0 2"), Miniature.told(splits.test()));
        assertEquals(root.resolve("train.bin"), splits.train().file(1));
    }

    @Test
    void picklesOfLaterProtocolsAreRead() throws IOException, BrokenImageException {
        Miniature.cifar100Pickles(root);
        Splits splits = Layout.CIFAR100.open(root);
        assertEquals(List.of("apple", "aquarium_fish", "baby"), splits.train().classes());
        assertEquals(List.of(2, 0, 1), labels(splits.train()));
        assertEquals(List.of(1, 2), labels(splits.test()));
        assertPixels(52, splits.train(), 2);
        assertPixels(51, splits.test(), 1);
    }

    @Test
    void storesCountImagesThatAreNoFiles() throws IOException {
        Miniature.cifar10Binary(root);
        ImageSource train = Layout.CIFAR10.open(root).train();
        ImageStore store = ImageStore.open(train, 5000, 0, 0);
        assertEquals(5, store.census().images());
        assertEquals(List.of(2, 2, 1), List.copyOf(store.census().classes().values()));
        assertEquals(0, store.broken().count());
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws IOException {
        Miniature.cifar10Binary(root);
        Path file = root.resolve("data_batch_3.bin");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3000));
        assertEquals(
                file + ": has 3000 bytes, expected a multiple of 3073 (1 of labels and 3072 of pixels an image)",
                refusal());
    }

    @Test
    void aBatchThatIsMissingIsNamed() throws IOException {
        Miniature.cifar10Binary(root);
        Files.delete(root.resolve("data_batch_4.bin"));
        assertEquals(root.resolve("data_batch_4.bin") + ": no such file", refusal());
    }

    @Test
    void aLabelOfNoClassIsRefused() throws IOException {
        Miniature.cifar10Binary(root);
        Files.write(root.resolve("data_batch_2.bin"), Miniature.binaryImage(0, 3));
        assertEquals(root.resolve("data_batch_2.bin") + ": image 0 has label 3, expected 0 to 2", refusal());
    }

    @Test
    void aPickleThatCallsSomethingIsRefusedAndNotRun() throws IOException {
        Miniature.cifar10Pickles(root);
        Files.write(root.resolve("data_batch_1"), "cos\nsystem\n(S'exit 1'\ntR.".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                root.resolve("data_batch_1") + ": refused, its pickle calls os.system; nothing was run", refusal());
    }

    @Test
    void aPickleThatIsCutOffAnywhereIsRefused() throws IOException {
        Miniature.cifar10Pickles(root);
        byte[] whole = Miniature.resource("cifar-10-batches-py/test_batch");
        for (int length = 0; length < whole.length; length += length < 80 || length > whole.length - 150 ? 1 : 97) {
            Files.write(root.resolve("test_batch"), Arrays.copyOf(whole, length));
            String said = refusal();
            assertTrue(said.startsWith(root.resolve("test_batch") + ": "), said);
        }
    }

    private String refusal() {
        return assertThrows(BadInputException.class, () -> Layout.CIFAR10.open(root))
                .getMessage();
    }

    private static byte[] twice(byte[] bytes) {
        byte[] both = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, both, bytes.length, bytes.length);
        return both;
    }

    private static List<Integer> labels(ImageSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::label).toList();
    }

    /// An image whose red is one number, green the row and blue the column.
    private static void assertPixels(int red, ImageSource source, int image) throws BrokenImageException {
        try (RgbImage pixels = new RgbImage()) {
            source.decode(image, new ImageDecoder(), pixels);
            assertEquals(List.of(32, 32), List.of(pixels.width(), pixels.height()));
            byte[] three = new byte[9];
            pixels.getRow(17, 4, 3, three);
            byte r = (byte) red;
            assertArrayEquals(new byte[] {r, 17, 4, r, 17, 5, r, 17, 6}, three);
        }
    }
}
