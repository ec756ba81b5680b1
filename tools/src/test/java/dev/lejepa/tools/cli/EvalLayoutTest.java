package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `eval --layout` of a tiny encoder with random weights on batches of CIFAR-10 whose images are of one color each.
class EvalLayoutTest {
    private static final int IMAGES = 12;
    private static final int PLANE = 32 * 32;

    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        var batches = Files.createDirectories(folder.resolve("cifar/cifar-10-batches-bin"));
        Files.writeString(batches.resolve("batches.meta.txt"), "red\ngreen\nblue\n\n");
        for (var batch = 0; batch < 5; batch++) {
            Files.write(batches.resolve("data_batch_" + (batch + 1) + ".bin"), batch(batch));
        }
        Files.write(batches.resolve("test_batch.bin"), batch(5));
        var words = "export --model vit_tiny_patch16_224 --set model.backbone.img_size=16"
                + " --set model.backbone.patch_size=8 --set model.backbone.depth=2 --set model.backbone.embed_dim=24"
                + " --set model.backbone.num_heads=2 --layers 2 --out";
        var all = new ArrayList<>(List.of(words.split(" ")));
        all.add(folder.resolve("encoder.onnx").toString());
        assertEquals(ExitCode.DONE, Told.by(all).code());
    }

    private static byte[] batch(int number) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var i = 0; i < IMAGES; i++) {
            var image = new byte[1 + 3 * PLANE];
            image[0] = (byte) (i % 3);
            var from = 1 + i % 3 * PLANE;
            Arrays.fill(image, from, from + PLANE, (byte) (130 + (number * IMAGES + i) * 11 % 120));
            bytes.write(image);
        }
        return bytes.toByteArray();
    }

    private static Told eval(String... words) {
        var all = new ArrayList<>(List.of("eval", "--json", "--threads", "1", "--encoder"));
        all.add(folder.resolve("encoder.onnx").toString());
        for (var word : words) {
            all.add(word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word);
        }
        return Told.by(all);
    }

    @Test
    void aDataSetGivesBothSplitsAndItsColumnOfTheTable() throws IOException {
        var words = new String[] {
            "--layout", "cifar10", "--train", "@cifar", "--shots", "2,all", "--seeds", "1", "--table", "--out", "@out"
        };
        var told = eval(words);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(5 * IMAGES, told.json().get("train_images").asInt());
        assertEquals(IMAGES, told.json().get("test_images").asInt());
        assertEquals(1, told.json().get("linear_top1").asDouble(), told.words());
        assertEquals("cifar10", told.json().get("layout").asText());
        assertTrue(Files.readString(folder.resolve("out/eval.json")).contains("\"layout\" : \"cifar10\""));
        var row =
                "| all | " + folder.resolve("encoder.onnx") + " | - | - | - | - | - | - | 100.00 | - | - | - | - | - |";
        assertTrue(Files.readString(folder.resolve("out/table.md")).contains(row + "\n"), told.words());
        assertTrue(told.words().contains(row), told.words());

        var again = eval(words);
        assertTrue(again.err().contains("test images: features from before"), again.err());
        assertTrue(again.err().contains("training images: features from before"), again.err());
    }

    @Test
    void classesWithoutImagesAreLearnedFromAllImagesAlone() throws IOException {
        var batches = Files.createDirectories(folder.resolve("part"));
        Files.writeString(batches.resolve("batches.meta.txt"), "red\ngreen\nblue\nviolet\n");
        for (var batch = 0; batch < 5; batch++) {
            Files.write(batches.resolve("data_batch_" + (batch + 1) + ".bin"), batch(batch));
        }
        var test = batch(5);
        Files.write(batches.resolve("test_batch.bin"), test);
        var told = eval("--layout", "cifar10", "--train", "@part", "--out", "@o");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(1, told.json().get("shots").size(), told.words());
        assertEquals(1, told.json().get("linear_top1").asDouble(), told.words());

        test[0] = 3;
        Files.write(batches.resolve("test_batch.bin"), test);
        var missing = eval("--layout", "cifar10", "--train", "@part", "--out", "@o");
        assertEquals(ExitCode.BAD_INPUT, missing.code(), missing.words());
        assertTrue(
                missing.err().contains(batches + ": has test images of 1 classes without a training image: violet"),
                missing.err());
    }

    @Test
    void theFolderOfAnotherLayoutIsRefusedByItsName() {
        var told = eval("--layout", "dtd", "--train", "@cifar", "--out", "@other");
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains("it looks like cifar10 (--layout cifar10)"), told.err());
    }

    @Test
    void aTableNeedsOneOfItsDataSets() {
        var told = eval("--train", "@cifar", "--table");
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains("--table needs --layout"), told.err());
        var unknown = eval("--layout", "mnist", "--train", "@cifar");
        assertEquals(ExitCode.BAD_INPUT, unknown.code(), unknown.words());
        assertTrue(unknown.err().contains("--layout mnist: must be one of dtd, aircraft"), unknown.err());
    }
}
