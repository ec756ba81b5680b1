package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.random.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a file system can hold is a name.
@EnabledOnOs(OS.LINUX)
class NamesTest {
    private static final List<String> NAMES = List.of(
            "plain",
            "Straße",
            "e\u0301",
            "\udcfc",
            "\ud83d\ude00",
            "a\nb",
            "a\rb",
            " x ",
            "a'b\"c",
            "a\\nb",
            "100%",
            "%41",
            "a#b",
            "a?b",
            "*",
            "-x",
            "l".repeat(251));

    @TempDir
    Path folder;

    @Test
    void imagesOfEveryNameAreReadListedAndFoundAgain() throws IOException {
        var project = TinyProject.in(Files.createDirectory(folder.resolve("project")));
        assertEquals(ExitCode.DONE, project.trained("run", "train.epochs=1").code());
        var data = folder.resolve(PathText.path("im ä\udcfc\ng\\s"));
        var names = new TreeMap<String, byte[]>(); // by bytes of UTF-8 none of these sorts otherwise than by letters
        for (var i = 0; i < NAMES.size(); i++) {
            var image =
                    data.resolve(PathText.path("class \udce9 " + i % 2)).resolve(PathText.path(NAMES.get(i) + ".png"));
            Files.createDirectories(image.getParent());
            write(image, i);
            names.put(PathText.text(data.relativize(image)), Files.readAllBytes(image));
        }
        Files.write(data.resolve("no image.png"), new byte[] {1});
        var out = folder.resolve("features.npy");
        var told = Told.by(
                "embed",
                "--encoder",
                project.run("run").resolve("encoder.onnx").toString(),
                "--data",
                PathText.text(data),
                "--out",
                out.toString(),
                "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(NAMES.size(), told.json().get("images").asInt());
        assertTrue(told.err().contains("left out, as they cannot be read: no image.png ("), told.err());
        var lines = lines(folder.resolve("features.paths.txt"));
        assertEquals(NAMES.size(), lines.size());
        for (var line : lines) {
            var name = unescaped(line);
            assertTrue(names.containsKey(name), () -> line);
            assertTrue(Files.exists(data.resolve(PathText.path(name))));
        }
    }

    @Test
    void messagesNameAFileOnOneLine() {
        var told = Told.by("inspect", PathText.text(folder.resolve(PathText.path("no\nsuch \udcfc"))));
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertEquals(1, told.err().lines().count(), told.err());
        assertTrue(told.err().contains("/no\\nsuch \\udcfc: no such"), told.err());
    }

    @Test
    void jsonHoldsBytesThatAreNoText() throws IOException {
        var project = TinyProject.in(Files.createDirectory(folder.resolve("project")));
        var run = project.run("run");
        assertEquals(ExitCode.DONE, project.trained("run", "train.epochs=1").code());
        var renamed = Files.move(run, folder.resolve(PathText.path("r ü\udcfc\n")));
        var told = Told.by("rank", PathText.text(renamed), "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.out().contains("\\udcfc"), told.out());
        assertEquals(PathText.text(renamed), told.json().get("order").get(0).asText());
    }

    @Test
    void runOnClassesWhoseNamesAreNoTextGoesOn() throws IOException {
        var project = TinyProject.in(Files.createDirectory(folder.resolve("project")));
        try (var classes = Files.list(project.train())) {
            var first = classes.sorted().findFirst().orElseThrow();
            Files.move(first, project.train().resolve(PathText.path("cl\udcfc\n")));
        }
        var told = project.trained("run", "train.epochs=1", "data.val=null");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        told = project.resumed("run", "train.epochs=2", "data.val=null");
        assertEquals(ExitCode.DONE, told.code(), told.err());
    }

    @Test
    void parentOfALinkIsThatOfItsTarget() throws IOException {
        var project = TinyProject.in(Files.createDirectories(folder.resolve("deep/project")));
        Files.createDirectories(folder.resolve("elsewhere"));
        var link = Files.createSymbolicLink(folder.resolve("elsewhere/link"), project.train());
        var told = Told.by(
                "train",
                "--config",
                project.recipe().toString(),
                "--set",
                "data.train=" + link.resolve("../train"),
                "--set",
                "train.epochs=1",
                "--out",
                project.run("run").toString());
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(ExitCode.DONE, project.resumed("run", "train.epochs=2").code());
        assertFalse(Files.readString(project.run("run").resolve("recipe.yaml")).contains("elsewhere/train"));
    }

    private static void write(Path image, int seed) throws IOException {
        var plain = Files.createTempFile("image", ".png");
        TinyProject.image(plain, Key.of(seed, "names").draws());
        Files.move(plain, image);
    }

    /// The file's lines by the rule of names: bytes that are no text are lone surrogates.
    private static List<String> lines(Path file) throws IOException {
        var text = PathText.decoded(Files.readAllBytes(file));
        assertTrue(text.endsWith("\n"));
        return List.of(text.substring(0, text.length() - 1).split("\n", -1));
    }

    private static String unescaped(String line) {
        var parts = new ArrayList<String>();
        for (var part : line.split("\\\\\\\\", -1)) {
            parts.add(part.replace("\\n", "\n").replace("\\r", "\r"));
        }
        return String.join("\\", parts);
    }
}
