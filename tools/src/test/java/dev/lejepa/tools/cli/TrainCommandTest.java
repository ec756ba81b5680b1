package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.tools.config.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    @Test
    void runFolderHoldsAllThatTheRunLeaves() throws IOException {
        var told = project.trained("run", "train.epochs=2", "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var run = project.run("run");
        for (var file : List.of("recipe.yaml", "metrics.jsonl", "encoder.onnx", "views.png", "bundle/manifest.json")) {
            assertTrue(Files.size(run.resolve(file)) > 0, file);
        }
        assertEquals(6, project.newest("run"));
        assertTrue(Files.exists(project.checkpoint("run", 3)));
        try (var events = Files.list(run.resolve("tensorboard"))) {
            assertEquals(1, events.count());
        }
        assertEquals(6, project.metrics("run", "step").size());
        assertEquals(2, project.metrics("run", "epoch").size());
        var health = project.metrics("run", "health");
        assertEquals(
                List.of("embedding", "projection"),
                health.stream().map(line -> line.get("of").asText()).toList());
        assertEquals(6, health.getFirst().get("step").asInt(), "the last step is looked at");
        assertTrue(health.getFirst().get("lidar").asDouble() >= 1, health.toString());
        assertEquals(1, project.metrics("run", "start").size());
        assertEquals(
                "done", project.metrics("run", "end").getFirst().get("outcome").asText());
    }

    @Test
    void resultForScriptsIsTheLastLineAndAllElseGoesToStandardError() throws IOException {
        var told = project.trained("run", "train.steps=4", "--json");
        assertEquals(1, told.out().lines().count(), told.out());
        var json = told.json();
        assertEquals(4, json.get("steps").asInt());
        assertTrue(json.get("seconds").asDouble() > 0);
        assertTrue(json.get("images_per_s").asDouble() > 0);
        var last = project.metrics("run", "step").getLast();
        assertEquals(last.get("loss").asDouble(), json.get("loss").asDouble(), 1e-8, "rounded to nine digits");
        assertEquals(project.run("run").toString(), json.get("run").asText());
        // Four steps end inside the second epoch: the probe is scored once more.
        assertEquals(
                project.metrics("run", "end").getFirst().get("val_top1").asDouble(),
                json.get("val_top1").asDouble(),
                1e-6);
        for (var word : List.of(
                "14 images in 2 classes; 6 held out",
                "M parameters",
                "FLOP per step",
                "GB of memory",
                "4 steps of 4 images")) {
            assertTrue(told.err().contains(word), word + " in\n" + told.err());
        }
    }

    @Test
    void afterTheFirstStepsTheTimeOfTheWholeRunIsTold() {
        var told = project.trained("run", "train.steps=12");
        assertTrue(told.words().contains(" to go, done about "), told.words());
    }

    @Test
    void recipeOfTheRunIsCompleteAndItsPathsHoldInAnyFolder() throws IOException {
        var relative = Path.of("").toAbsolutePath().relativize(project.train());
        var told = project.trained("run", "train.steps=1", "data.train=" + relative);
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var recipe = RecipeFile.read(project.run("run").resolve("recipe.yaml"), List.of());
        assertEquals(
                project.train().toString(), recipe.data().train().getFirst().path());
        assertEquals(17, recipe.loss().knots());
    }

    @Test
    void imagesWithoutClassesAreTrainedOnWithoutAProbe() throws IOException {
        var flat = Files.createDirectories(project.run("flat"));
        for (var i = 0; i < 5; i++) {
            TinyProject.image(flat.resolve(i + ".png"), Key.of(i).draws());
        }
        var told = Told.by(
                "train",
                "--config",
                project.recipe().toString(),
                "--set",
                "data.train=" + flat,
                "--set",
                "train.steps=2",
                "--out",
                project.run("run").toString(),
                "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertFalse(told.json().has("val_top1"));
        assertTrue(project.metrics("run", "step").getFirst().get("probe_loss").isNull());
    }

    @Test
    void imagesBesideClassFoldersAreIgnoredAndSaidSo() throws IOException {
        TinyProject.image(project.train().resolve("stray.png"), Key.of(1).draws());
        var told = project.trained("run", "train.steps=1");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.words().contains("note: data.train: 1 images beside the class folders"), told.words());
    }

    @Test
    void aPipeAmongTheImagesIsNamedAndLeftOutAndTheDeviceIsTold() throws Exception {
        var pipe = project.train().resolve("class0/pipe.png");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.writeString(project.train().resolve("class1/photo.tif"), "");
        var told = project.trained("run", "train.steps=1", "data.max_broken=0", "--threads", "2", "--device", "cpu");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertTrue(told.words().contains("was left out: class0/pipe.png"), told.words());
        assertTrue(told.words().contains("note: data.train: 1 file passed over: 1 tif"), told.words());
        assertTrue(told.words().contains("computing on cpu (2 threads)"), told.words());
    }

    @Test
    void unreadableImagesAreCountedAndReplaced() throws IOException {
        breakImages();
        var told = project.trained("run", "train.epochs=2", "data.max_broken=0.3");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(6, project.newest("run"), "three steps an epoch, broken images or not");
        assertTrue(told.words().contains("3 of 14 images in " + project.train() + " cannot be read"), told.words());
        var warnings = project.metrics("run", "warning").stream()
                .filter(line -> line.get("about").asText().equals("data"))
                .toList();
        var last = warnings.getLast().get("message").asText();
        for (var name : List.of("0.png", "1.png", "2.png")) {
            assertTrue(last.contains("class0/" + name), last);
        }
    }

    /// Two of fourteen have no header, which the scan at the start finds; the third shows when it is decoded.
    @ParameterizedTest
    @CsvSource({"0.1, class0/1.png (", "0.2, class0/0.png ("})
    void tooManyUnreadableImagesStopTheRunAndAreNamed(String allowed, String firstNamed) throws IOException {
        breakImages();
        var told = project.trained("run", "data.max_broken=" + allowed);
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.err());
        assertTrue(told.err().contains("more than max_broken = " + allowed + " allows: " + firstNamed), told.err());
    }

    /// Cut off in the middle, empty, and no image at all.
    private void breakImages() throws IOException {
        var broken = project.train().resolve("class0");
        var bytes = Files.readAllBytes(broken.resolve("0.png"));
        Files.write(broken.resolve("0.png"), Arrays.copyOf(bytes, bytes.length / 2));
        Files.write(broken.resolve("1.png"), new byte[0]);
        Files.writeString(broken.resolve("2.png"), "a letter to a friend");
    }

    @Test
    void lossThatIsNoNumberStopsTheRunNamesTheFilesAndKeepsTheLastCheckpoint() throws IOException {
        assertEquals(ExitCode.DONE, project.trained("good", "train.steps=3").code());
        var told = project.trained("run", "optimizer.lr=1e30", "optimizer.warmup_epochs=0");
        assertEquals(ExitCode.FAULT, told.code(), told.words());
        assertEquals(
                1,
                told.err().lines().filter(line -> line.startsWith("lejepa: ")).count(),
                told.err());
        assertTrue(told.err().contains("A lower optimizer.lr"), told.err());
        assertEquals(
                "failed",
                project.metrics("run", "end").getFirst().get("outcome").asText());
        var warning = project.metrics("run", "warning").getFirst();
        assertEquals("loss", warning.get("about").asText());
        assertEquals(4, warning.get("files").size(), "the files of the batch");
        assertEquals(0, project.newest("run"), "what is not finite is not saved");
    }

    @Test
    void runGoesToRunsAndTheNameOfItsRecipe() {
        var words = new ArrayList<>(project.trainWords("--set", "data.train=" + project.run("nowhere")));
        var told = Told.by(words);
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertFalse(Files.exists(Path.of("runs", "tiny")), "what is refused leaves nothing behind");
    }
}
