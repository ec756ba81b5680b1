package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.npy.NpyFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `eval` of a tiny encoder with random weights on images of one color each, which even it tells apart.
class EvalCommandTest {
    private static final int PER_CLASS = 30;

    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        colors(folder.resolve("train"), PER_CLASS, 0, "blue", "green", "red");
        colors(folder.resolve("test"), 8, 1000, "green", "red");
        var words = "export --model vit_tiny_patch16_224 --set model.backbone.img_size=16"
                + " --set model.backbone.patch_size=8 --set model.backbone.depth=2 --set model.backbone.embed_dim=24"
                + " --set model.backbone.num_heads=2 --layers 2 --out";
        var all = new ArrayList<>(List.of(words.split(" ")));
        all.add(folder.resolve("encoder.onnx").toString());
        assertEquals(ExitCode.DONE, Told.by(all).code());
    }

    private static void colors(Path root, int count, int seed, String... classes) throws IOException {
        for (var name : classes) {
            var shift = name.equals("blue") ? 0 : name.equals("green") ? 8 : 16;
            for (var i = 0; i < count; i++) {
                var image = new BufferedImage(20, 16, BufferedImage.TYPE_INT_RGB);
                for (var p = 0; p < 320; p++) {
                    var level = 130 + (i * 37 + p * 11 + seed) % 120;
                    image.setRGB(p % 20, p / 20, level << shift);
                }
                var file = root.resolve(name).resolve("%03d.png".formatted(i));
                Files.createDirectories(file.getParent());
                ImageIO.write(image, "png", file.toFile());
            }
        }
    }

    private static Told eval(String... words) {
        var all = new ArrayList<>(List.of("eval", "--json", "--threads", "1"));
        for (var word : words) {
            all.add(word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word);
        }
        return Told.by(all);
    }

    private static void assertRefused(String expected, String... words) {
        var told = eval(words);
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains(expected), told.err());
        assertEquals(
                1,
                told.err().strip().lines().filter(l -> l.startsWith("lejepa:")).count(),
                told.err());
    }

    @Test
    void imageThatCannotBeReadIsTold() throws IOException {
        colors(folder.resolve("cut"), 8, 0, "green", "red");
        var damaged = folder.resolve("cut/red/005.png");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 60));
        var words =
                new String[] {"--encoder", "@encoder.onnx", "--train", "@cut", "--test", "@cut", "--out", "@cut-out"};
        var told = eval(words);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        var expected = "training images: 1 left out, as they cannot be read";
        assertTrue(told.err().contains(expected + ": red/005.png ("), told.err());
        assertTrue(eval(words).err().contains(expected), "also where features are from before");
    }

    @Test
    void classesThatDifferAreToldApartAndFeaturesAreKept() throws IOException {
        var words = new String[] {
            "--encoder", "@encoder.onnx", "--train", "@train", "--test", "@test", "--out", "@out", "--flip"
        };
        var told = eval(words);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        var json = told.json();
        assertEquals(1, json.get("linear_top1").asDouble(), told.words());
        assertEquals(1, json.get("knn_top1").asDouble(), told.words());
        assertEquals(3, json.get("shots").get("1").get("seeds").size());
        assertEquals(1, json.get("shots_flip").get("all").get("mean").asDouble());
        assertEquals(3, json.get("classes").asInt());
        assertEquals(3 * PER_CLASS + 16, json.get("images").asInt());
        assertTrue(json.get("rankme").asDouble() >= 1 && json.get("rankme").asDouble() <= 16, told.words());
        assertTrue(json.get("lidar").asDouble() > 0, told.words());
        assertEquals(json.get("rankme"), json.get("health").get("rankme"));
        assertEquals(48, json.get("width").asInt(), "two layers of 24");
        var health = json.get("health");
        assertEquals(json.get("rankme"), health.get("rankme"));
        assertEquals(16, health.get("rank_max").asInt(), "test images");
        assertEquals(16, health.get("lidar_images").asInt());
        assertTrue(json.get("lidar").asDouble() >= 1, health.toString());
        assertEquals(24, health.get("spectrum").size(), "pooled features");
        assertTrue(health.get("tests").has("epps_pulley"), health.toString());
        var full = new ObjectMapper().readTree(folder.resolve("out/eval.json").toFile());
        assertTrue(full.get("per_class").get(0).get("top1").isNull(), "no test image is blue");
        assertEquals("[0,8,0]", full.get("per_class").get(1).get("taken_for").toString());
        assertEquals(
                "class,blue,green,red",
                Files.readAllLines(folder.resolve("out/confusion.csv")).getFirst());
        assertTrue(told.err().contains("computing features of 90 images"), told.err());

        var again = eval(words);
        assertFalse(again.err().contains("computing features"), again.err());
        assertEquals(json.get("shots"), again.json().get("shots"));
        assertFalse(again.err().contains("augmented views"), again.err());
        assertEquals(health, again.json().get("health"));

        Files.setLastModifiedTime(folder.resolve("train/red/000.png"), FileTime.fromMillis(1_000_000));
        var stale = eval(words);
        assertTrue(stale.err().contains("computing features of 90 images, as the images changed"), stale.err());
        assertTrue(stale.err().contains("test images: features from before"), stale.err());
    }

    @Test
    void withoutTestImagesAFifthOfTheOthersIsHeldOut() throws IOException {
        var told = eval("--encoder", "@encoder.onnx", "--train", "@train", "--out", "@held", "--shots", "2,all");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(18, told.json().get("test_images").asInt());
        assertEquals(72, told.json().get("train_images").asInt());
        assertTrue(told.json().get("test").asText().startsWith("held out"));
        try (var stored = Files.list(folder.resolve("held/features"))) {
            var shape = NpyFile.read(stored.findFirst().orElseThrow().resolve("pooled.npy"))
                    .shape();
            assertEquals(List.of(90L, 24L), shape);
        }
    }

    /// The project's model has one block, too few for two layers.
    @Test
    void aRunIsJudgedByItsNewestCheckpointForImagesOfAnySize() throws IOException {
        var project = TinyProject.in(Files.createDirectories(folder.resolve("project")));
        assertEquals(ExitCode.DONE, project.trained("run", "train.epochs=1").code());
        var told = eval("--run", "@project/run", "--train", "@train", "--test", "@test", "--out", "@ran");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals("features", told.json().get("output").asText());
        assertTrue(told.err().contains("judged by its pooled features alone: layers 2"), told.err());
        var larger = eval(
                "--run",
                "@project/run",
                "--train",
                "@train",
                "--test",
                "@test",
                "--out",
                "@ran",
                "--size",
                "32",
                "--shots",
                "1",
                "--seeds",
                "1");
        assertEquals(ExitCode.DONE, larger.code(), larger.words());
        assertTrue(larger.err().contains("as the encoder and their preparation changed"), larger.err());
    }

    @Test
    void whatCannotBeJudgedIsRefused() throws IOException {
        colors(folder.resolve("one"), 2, 0, "red");
        colors(folder.resolve("more"), 2, 0, "red", "green", "violet");
        Files.createDirectories(folder.resolve("flat"));
        Files.copy(folder.resolve("train/red/001.png"), folder.resolve("flat/a.png"));
        assertRefused("has the one class 'red'", "--encoder", "@encoder.onnx", "--train", "@one", "--out", "@none");
        assertRefused("have no labels", "--encoder", "@encoder.onnx", "--train", "@flat", "--out", "@none");
        assertRefused(
                "1 of its classes are not among the 3 of the training images: violet",
                "--encoder",
                "@encoder.onnx",
                "--train",
                "@train",
                "--test",
                "@more",
                "--out",
                "@none");
        assertRefused(
                "class 'blue' has 30 training images",
                "--encoder",
                "@encoder.onnx",
                "--train",
                "@train",
                "--test",
                "@test",
                "--shots",
                "31",
                "--out",
                "@few");
        assertRefused("must be numbers of images", "--encoder", "@encoder.onnx", "--train", "@train", "--shots", "0");
        assertRefused("eval needs one of", "--train", "@train");
        assertRefused(
                "has no output 'cls'",
                "--encoder",
                "@encoder.onnx",
                "--train",
                "@train",
                "--output",
                "cls",
                "--out",
                "@few");
        assertRefused(
                "images are to have 32 pixels",
                "--encoder",
                "@encoder.onnx",
                "--train",
                "@train",
                "--size",
                "32",
                "--out",
                "@few");
        assertRefused("must be a folder", "--encoder", "@encoder.onnx", "--train", "@train", "--out", "@encoder.onnx");
    }
}
