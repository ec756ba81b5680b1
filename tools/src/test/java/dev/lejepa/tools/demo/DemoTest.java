package dev.lejepa.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.demo.DemoSet;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    /// Ten classes with two images each to train with, one held out, and two epochs of two steps.
    private DemoSettings miniature(Path out) {
        var settings = List.of(
                "data.batch=10",
                "views.global={count: 2, size: 16}",
                "views.local.count=0",
                "model.backbone={name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 12, num_heads: 2, num_classes: 0}",
                "model.projector={hidden: [16], out: 4}",
                "loss.slices=8",
                "train.epochs=2");
        Recipe recipe = RecipeFile.parse("miniature", "seed: 3", settings);
        return new DemoSettings(recipe, out, 2, 1, "cpu", 1, false, told());
    }

    private PrintStream told() {
        return new PrintStream(told, true, StandardCharsets.UTF_8);
    }

    @Test
    void embeddedRecipeIsTheShippedOne() throws IOException {
        assertEquals(RecipeFile.read(Path.of("..", "recipes", "demo.yaml"), List.of()), DemoRecipe.read());
    }

    @Test
    void standardDemonstrationTrainsForTheWholeEpochsOfItsRecipe() {
        var settings =
                DemoSettings.standard(DemoRecipe.read().withSeed(5), Path.of("unused"), "cpu", 1, false, System.err);
        assertEquals(5, settings.recipe().seed());
        assertTrue(settings.recipe().train().steps().isEmpty());
        int images = DemoSet.CLASSES * settings.trainPerClass();
        assertTrue(images >= 2000 && images / settings.recipe().data().batch() >= 10, images + " images");
    }

    @Test
    void miniatureGoesFromImagesToProbes(@TempDir Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("run");
        var demo = new Demo(miniature(out));
        try (var lock = RunLock.take(out, told()::println)) {
            demo.makeImages();
            assertEquals(TrainEvent.Outcome.DONE, demo.train(lock, () -> false).outcome());
        }
        DemoResult result = demo.probe();

        assertEquals(20, result.trainImages());
        assertEquals(10, result.valImages());
        assertEquals(0.1, result.chance());
        for (double top1 : List.of(result.probeTop1(), result.untrainedTop1(), result.pixelTop1())) {
            assertTrue(top1 >= 0 && top1 <= 1 && Math.abs(10 * top1 - Math.rint(10 * top1)) < 1e-9, "tenths: " + top1);
        }
        var run = new RunFolder(out);
        for (Path file : List.of(run.encoder(), run.metrics(), run.views(), run.recipe(), Demo.untrained(out))) {
            assertTrue(Files.isRegularFile(file), file.toString());
        }
        assertEquals(4, Files.readString(run.metrics()).split("\"event\":\"step\"").length - 1);
        assertNotEquals(-1, Files.mismatch(run.encoder(), Demo.untrained(out)), "training changed the encoder");
        assertTrue(told.toString(StandardCharsets.UTF_8).startsWith("[1/3] "), told::toString);
    }

    @Test
    void folderOfAnotherRunIsRefusedBeforeAnythingIsWritten(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), "seed: 1");
        var refused = assertThrows(BadInputException.class, () -> new Demo(miniature(folder)).makeImages());
        assertEquals(
                "--out %s: holds a run already; give another folder, or delete this one".formatted(folder),
                refused.getMessage());
        assertTrue(Files.notExists(Demo.images(folder)));
    }

    @Test
    void stoppedDemonstrationLeavesARunToResume(@TempDir Path folder) throws IOException, InterruptedException {
        var demo = new Demo(miniature(folder));
        Trainer.Result result;
        try (var lock = RunLock.take(folder, told()::println)) {
            demo.makeImages();
            result = demo.train(lock, () -> hasStep(new RunFolder(folder).metrics()));
        }
        assertEquals(TrainEvent.Outcome.INTERRUPTED, result.outcome());
        assertTrue(new RunFolder(folder).isRun());
        assertEquals(
                result.steps(), new Checkpoints(folder).newest().orElseThrow().step());
    }

    private static boolean hasStep(Path metrics) {
        try {
            return Files.exists(metrics) && Files.readString(metrics).contains("\"event\":\"step\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
