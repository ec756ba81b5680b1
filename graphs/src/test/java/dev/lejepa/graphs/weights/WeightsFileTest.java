package dev.lejepa.graphs.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that torch and NumPy wrote (`tools/interop/weights_corpus.py`), whole and damaged.
class WeightsFileTest {
    private static final int LARGEST_TENSOR = 1 << 16;

    @TempDir
    private Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = WeightsFileTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static List<String[]> table(String name) throws IOException {
        return new String(resource(name), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private WeightsFile open(String name) throws IOException {
        return WeightsFile.open(Files.write(folder.resolve(name), resource(name)));
    }

    private static Stream<String> readable() throws IOException {
        return table("expected.tsv").stream().map(row -> row[0]).distinct();
    }

    /// All tensors by their path of keys.
    private static Map<String, StoredTensor> flat(WeightsNode.Group group) {
        var out = new LinkedHashMap<String, StoredTensor>();
        group.entries().forEach((key, node) -> {
            switch (node) {
                case WeightsNode.Leaf(var tensor) -> out.put(key, tensor);
                case WeightsNode.Group inner ->
                    flat(inner).forEach((rest, tensor) -> out.put(key + "." + rest, tensor));
                case WeightsNode.Other _ -> {}
            }
        });
        return out;
    }

    @ParameterizedTest
    @MethodSource("readable")
    void everyTensorHasTheNumbersThatItsWriterGaveIt(String name) throws IOException {
        try (var file = open(name)) {
            var tensors = flat(file.root());
            var expected = table("expected.tsv").stream()
                    .filter(row -> row[0].equals(name))
                    .toList();
            assertEquals(
                    expected.stream().map(row -> row[1]).sorted().toList(),
                    tensors.keySet().stream().sorted().toList());
            for (var row : expected) {
                var tensor = tensors.get(row[1]);
                assertEquals(row[2], tensor.shape().toString(), row[1]);
                assertArrayEquals(numbers(row[3]), tensor.floats(), row[1]);
            }
        }
    }

    private static float[] numbers(String text) {
        var words = text.isEmpty() ? new String[0] : text.split(" ");
        var out = new float[words.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = words[i].equals("inf") ? Float.POSITIVE_INFINITY : (float) Double.parseDouble(words[i]);
        }
        return out;
    }

    @Test
    void dictionariesKeepTheOrderOfTheFile() throws IOException {
        try (var file = open("checkpoint.pth")) {
            assertEquals(
                    List.of("model", "optimizer", "epoch", "best", "accuracy"),
                    file.root().entries().keySet().stream().limit(5).toList());
            var model = (WeightsNode.Group) file.root().entries().get("model");
            assertEquals(
                    List.of("0.weight", "0.bias", "1.weight", "1.bias"),
                    model.tensors().keySet().stream().limit(4).toList());
        }
    }

    @Test
    void objectsOfTrainingScriptsStopNothing() throws IOException {
        try (var file = open("checkpoint.pth")) {
            assertEquals(
                    new WeightsNode.Other("an object of class argparse.Namespace", true),
                    file.root().entries().get("args"));
        }
    }

    @Test
    void wholeNumbersAreReadWithoutRounding() throws IOException {
        try (var file = open("views.pth")) {
            var counter = new long[1];
            file.root().tensors().get("counter").readLongs(0, MemorySegment.ofArray(counter));
            assertEquals(1234567891011L, counter[0]);
        }
    }

    @Test
    void anyPartOfAViewIsReadAlone() throws IOException {
        try (var file = open("views.pth")) {
            for (var tensor : file.root().tensors().values()) {
                var all = tensor.floats();
                for (int first = 0; first < all.length; first++) {
                    var part = new float[Math.min(3, all.length - first)];
                    tensor.read(first, MemorySegment.ofArray(part));
                    assertArrayEquals(Arrays.copyOfRange(all, first, first + part.length), part);
                }
            }
        }
    }

    @Test
    void viewsOfViewsAreTheirElements() {
        var tensor = StoredTensor.of(List.of(2L, 3L), 0, 1, 2, 3, 4, 5);
        assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, tensor.permute(1, 0).floats());
        assertArrayEquals(
                new float[] {1, 4, 2, 5}, tensor.slice(1, 1, 3).permute(1, 0).floats());
        assertArrayEquals(
                new float[] {0, 3, 1, 4, 2, 5},
                tensor.permute(1, 0).reshape(List.of(6L)).floats());
        assertArrayEquals(new float[4], StoredTensor.zeros(List.of(2L, 2L)).floats());
        assertArrayEquals(new float[0], tensor.slice(0, 1, 1).floats());
        assertThrows(IllegalArgumentException.class, () -> tensor.reshape(List.of(7L)));
    }

    @Test
    void filesThatAskForCodeOrHoldNoWeightsAreRefusedByName() throws IOException {
        for (var row : table("refused.tsv")) {
            var fault = assertThrows(BadInputException.class, () -> open(row[0]).close(), row[0]);
            var message = fault.getMessage().substring(fault.getMessage().indexOf(row[0]) + row[0].length());
            assertTrue(message.contains(row[1]), fault.getMessage());
        }
        assertFalse(Files.exists(Path.of("/tmp/lejepa-was-here")));
    }

    @Test
    void whatIsNoFileOfWeightsIsToldApart() throws IOException {
        for (var content : Map.of(
                        "version https://git-lfs.github.com/spec/v1\n", "Git LFS",
                        "<!DOCTYPE html>", "HTML",
                        "", "empty",
                        "{\"weight_map\": {}}", "index of several files")
                .entrySet()) {
            var file = Files.writeString(folder.resolve("x.pth"), content.getKey());
            var fault = assertThrows(BadInputException.class, () -> WeightsFile.open(file));
            assertTrue(fault.getMessage().contains(content.getValue()), fault.getMessage());
        }
        assertThrows(BadInputException.class, () -> WeightsFile.open(folder.resolve("missing.pth")));
        assertThrows(BadInputException.class, () -> WeightsFile.open(folder));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void aFileThatIsCutOffIsRefused(String name) throws IOException {
        var whole = resource(name);
        var cuts = new ArrayList<String>();
        for (int length = 0; length < whole.length; length += 1 + whole.length / 120) {
            var file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            var fault = assertThrows(BadInputException.class, () -> readAll(file), "cut to " + length);
            cuts.add(fault.getMessage());
        }
        assertFalse(cuts.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("readable")
    void aDamagedFileIsReadOrRefused(String name) throws IOException {
        var whole = resource(name);
        var random = new Random(7);
        for (int trial = 0; trial < 120; trial++) {
            var bytes = whole.clone();
            for (int i = 0; i <= trial % 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var file = Files.write(folder.resolve("damaged"), bytes);
            try {
                readAll(file);
            } catch (BadInputException e) {
                assertTrue(e.getMessage().contains("damaged"), e.getMessage());
            }
        }
    }

    private static void readAll(Path path) throws IOException {
        try (var file = WeightsFile.open(path)) {
            for (var tensor : flat(file.root()).values()) {
                if (tensor.shape().stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b)
                        < LARGEST_TENSOR) {
                    tensor.floats();
                }
            }
        }
    }
}
