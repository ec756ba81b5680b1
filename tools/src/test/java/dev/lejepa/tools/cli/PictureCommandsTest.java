package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pca`, `attention`, `neighbors` and `map`, with a tiny model as it starts.
class PictureCommandsTest {
    private static final int IMAGES = 5;

    @TempDir
    static Path folder;

    private static Path images = Path.of("");
    private static Path encoder = Path.of("");

    @BeforeAll
    static void prepare() throws IOException {
        images = Files.createDirectories(folder.resolve("images"));
        for (var i = 0; i < IMAGES; i++) {
            var label = Files.createDirectories(images.resolve("class" + i % 2));
            TinyProject.image(label.resolve(i + ".png"), Key.of(i).draws());
        }
        encoder = exported("plain.onnx", "--attention");
    }

    private static Path exported(String name, String... more) {
        var file = folder.resolve(name);
        var words = new ArrayList<>(List.of("export", "--model", "vit_tiny_patch16_224", "--out", file.toString()));
        for (var argument : List.of("img_size=16", "patch_size=4", "depth=1", "embed_dim=24", "num_heads=2")) {
            words.addAll(List.of("--set", "model.backbone." + argument));
        }
        words.addAll(List.of(more));
        var told = Told.by(words);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        return file;
    }

    private static Told told(String command, Path encoder, Path data, Path out, String... more) {
        var words = new ArrayList<>(List.of(command, "--json", "--device", "cpu", "--threads", "1"));
        words.addAll(List.of("--encoder", encoder.toString(), "--data", data.toString(), "--out", out.toString()));
        words.addAll(List.of(more));
        return Told.by(words);
    }

    private static void assertRefused(String reason, Told told) {
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        assertTrue(told.err().contains(reason), told.err());
    }

    private static long pictures(Path out) throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void pcaShowsEachImageBesideItsPatches() throws IOException {
        var out = folder.resolve("pca");
        var told = told("pca", encoder, images, out, "--foreground");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(IMAGES, told.json().get("images").asInt());
        assertEquals(IMAGES, told.json().get("files").asInt());
        assertEquals(IMAGES, pictures(out));
        var picture = ImageIO.read(out.resolve("class0/0.png").toFile());
        assertEquals(2 * 224 + 4, picture.getWidth());
        assertEquals(224, picture.getHeight());
        for (var command : List.of("pca", "attention")) {
            assertRefused(
                    "would be read with the images there",
                    told(command, encoder, images, images.resolve("new/pictures")));
        }
    }

    @Test
    void pcaOfAGifIsAGifWithItsTiming() throws IOException {
        var gif = folder.resolve("moving.gif");
        writeGif(gif, 4);
        var out = folder.resolve("pca-gif");
        var told = told("pca", encoder, gif, out);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(4, told.json().get("images").asInt());
        assertEquals(1, told.json().get("files").asInt());
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (var in = ImageIO.createImageInputStream(out.resolve("moving.gif").toFile())) {
            reader.setInput(in);
            assertEquals(4, reader.getNumImages(true));
        } finally {
            reader.dispose();
        }
        var single = folder.resolve("still.gif");
        writeGif(single, 1);
        assertEquals(1, told("pca", encoder, single, out).json().get("files").asInt());
        assertTrue(Files.exists(out.resolve("still.png")));
        Files.write(single, Arrays.copyOf(Files.readAllBytes(gif), 200));
        assertRefused("still.gif", told("pca", encoder, single, out));
    }

    private static void writeGif(Path file, int frames) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (var out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (var i = 0; i < frames; i++) {
                var frame = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
                frame.setRGB(i, i, 0xFFFF00);
                writer.writeToSequence(new IIOImage(frame, null, null), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }

    @Test
    void attentionHasAPictureForEachHeadAndTheirMean() throws IOException {
        var out = folder.resolve("attention");
        var one = images.resolve("class1/1.png");
        var told = told("attention", encoder, one, out);
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(3, told.json().get("files").asInt());
        for (var name : List.of("1-head-1.png", "1-head-2.png", "1-mean.png")) {
            assertEquals(224, ImageIO.read(out.resolve(name).toFile()).getWidth(), name);
        }
    }

    @Test
    void outputsThatAreNotThereAreRefusedByName() {
        var without = exported("without.onnx");
        assertRefused("export it with --attention", told("attention", without, images, folder.resolve("refused")));
        assertRefused(
                "has no output 'patches'; it has features, tokens",
                told("pca", without, images, folder.resolve("refused"), "--output", "patches"));
        assertRefused(
                "expected tokens", told("pca", without, images, folder.resolve("refused"), "--output", "features"));
        assertRefused(
                "no such file or folder", told("pca", without, folder.resolve("nothing"), folder.resolve("refused")));
    }

    @Test
    void whereThereIsNoClassTokenAttentionIsTheMeanAndSaysSo() {
        var pooled = exported(
                "pooled.onnx",
                "--attention",
                "--set",
                "model.backbone.class_token=false",
                "--set",
                "model.backbone.global_pool=avg");
        var told = told("attention", pooled, images.resolve("class1/1.png"), folder.resolve("pooled"));
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertTrue(told.err().contains("no class token"), told.err());
    }

    @Test
    void brokenImagesAreLeftOutAndNamed() throws IOException {
        var some = Files.createDirectories(folder.resolve("some"));
        Files.copy(images.resolve("class0/0.png"), some.resolve("good.png"));
        Files.writeString(some.resolve("bad.png"), "no image");
        var told = told("pca", encoder, some, folder.resolve("some-pca"));
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(1, told.json().get("images").asInt());
        assertEquals(1, told.json().get("skipped").asInt());
        assertTrue(told.err().contains("bad.png"), told.err());
        Files.delete(some.resolve("good.png"));
        assertRefused("none of the images can be read", told("pca", encoder, some, folder.resolve("some-pca")));
    }

    @Test
    void neighborsAreOthersAndTheNearestFirst() throws IOException {
        var out = folder.resolve("sheet.png");
        var told = told("neighbors", encoder, images, out, "--query", images.toString(), "--k", "2147483647");
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertTrue(ImageIO.read(out.toFile()).getHeight() > IMAGES * 128);
        for (var query : told.json().get("queries")) {
            var neighbors = query.get("neighbors");
            assertEquals(IMAGES - 1, neighbors.size());
            for (var neighbor : neighbors) {
                assertFalse(
                        neighbor.get("path").asText().equals(query.get("query").asText()));
                assertTrue(neighbor.get("similarity").asDouble()
                        <= neighbors.get(0).get("similarity").asDouble());
            }
        }
        assertRefused(
                "is an image of",
                told("neighbors", encoder, images, images.resolve("class0/0.png"), "--query", images.toString()));
        assertRefused(
                "so it would be read with the images there",
                told("neighbors", encoder, images, images.resolve("sheet.png"), "--query", images.toString()));
    }

    @Test
    void mapsAreDrawnByBothMethods() throws IOException {
        for (var method : List.of("pca", "tsne")) {
            var out = folder.resolve(method + ".png");
            var told = told("map", encoder, images, out, "--method", method, "--seed", "3");
            assertEquals(ExitCode.DONE, told.code(), told.words());
            assertEquals(IMAGES, told.json().get("images").asInt());
            assertTrue(told.json().get("drawn").asInt() >= 1);
            assertTrue(ImageIO.read(out.toFile()).getWidth() > 90);
        }
        assertRefused(
                "so it would be read with the images there", told("map", encoder, images, images.resolve("map.png")));
        var few = images.resolve("class1");
        assertRefused("a map needs at least 3", told("map", encoder, few, folder.resolve("few.png")));
    }

    @Test
    void aRunIsShownAtAnySizeThatItsModelTakes() throws IOException {
        var project = TinyProject.in(Files.createDirectories(folder.resolve("project")));
        assertEquals(
                ExitCode.DONE,
                project.trained("run", "train.steps=1", "data.val=null").code());
        var words = List.of("--run", project.run("run").toString(), "--data", images.toString(), "--size", "32");
        var out = folder.resolve("run-pca");
        var told = Told.by(Stream.concat(Stream.of("pca", "--out", out.toString()), words.stream())
                .toList());
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(224, ImageIO.read(out.resolve("class0/0.png").toFile()).getHeight());
        var attention = Told.by(Stream.concat(Stream.of("attention", "--out", out.toString()), words.stream())
                .toList());
        assertEquals(ExitCode.DONE, attention.code(), attention.words());
        assertRefused(
                "one of --encoder encoder.onnx and --run RUN",
                Told.by("pca", "--data", images.toString(), "--out", out.toString()));
    }
}
