package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.tools.run.TrainSession;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.TrainEvent.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that end between a checkpoint and what belongs to it: evaluation, encoder.
class EvaluationTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private static void done(Told told) {
        assertEquals(ExitCode.DONE, told.code(), told.err());
    }

    /// Trains until the person asks to stop.
    private Outcome train(String run, BooleanSupplier stop, String... sets) throws IOException, InterruptedException {
        var recipe = RecipeFile.read(project.recipe(), List.of(sets));
        var out = new PrintStream(PrintStream.nullOutputStream());
        var to = new RunFolder(project.run(run));
        var settings =
                new RunSettings(recipe, to, false, false, "cpu", EngineOptions.of(1), false, out, stop::getAsBoolean);
        try (var lock = RunLock.take(to.path(), out::println)) {
            return TrainSession.run(settings, lock).outcome();
        }
    }

    private String[] images(String steps) {
        return new String[] {"data.train=" + project.train(), "data.val=" + project.val(), "train.steps=" + steps};
    }

    /// The lines of a run's metrics about what was learned, in their order.
    private List<String> lines(String run) throws IOException {
        return Files.readAllLines(project.run(run).resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"event\":\"step\"") || line.contains("\"event\":\"epoch\""))
                .map(line -> line.replaceAll("\"images_per_s.*", ""))
                .toList();
    }

    private void assertSame(String run, String as, long step) throws IOException {
        assertEquals(lines(as), lines(run));
        for (var file : List.of("encoder.onnx", "checkpoints/step-%06d/model.safetensors".formatted(step))) {
            var difference = Files.mismatch(
                    project.run(as).resolve(file), project.run(run).resolve(file));
            assertEquals(-1, difference, file);
        }
    }

    /// The stop is asked for once the epoch's checkpoint is there, which only its evaluation can notice in time.
    @Test
    void epochsCheckpointIsSavedBeforeItsEvaluationWhichCanBeStopped() throws IOException, InterruptedException {
        done(project.trained("whole", "train.steps=5", "--threads", "1"));
        BooleanSupplier saved = () -> Files.exists(project.checkpoint("stopped", 3));
        assertEquals(Outcome.INTERRUPTED, train("stopped", saved, images("5")));
        assertEquals(3, project.newest("stopped"));
        assertEquals(List.of(), project.metrics("stopped", "epoch"), "it was not evaluated");
        done(project.resumed("stopped"));
        assertSame("stopped", "whole", 5);
    }

    @Test
    void stoppedInTheLastEvaluationItIsEvaluatedAndExportedByTheNextOne() throws IOException, InterruptedException {
        for (var steps : List.of("3", "4")) {
            done(project.trained("whole" + steps, "train.steps=" + steps, "--threads", "1", "--json"));
            BooleanSupplier saved = () -> Files.exists(project.checkpoint("stopped" + steps, Long.parseLong(steps)));
            assertEquals(Outcome.INTERRUPTED, train("stopped" + steps, saved, images(steps)));
            assertFalse(Files.exists(project.run("stopped" + steps).resolve("encoder.onnx")));
            var told = project.resumed("stopped" + steps, "--json");
            done(told);
            assertTrue(told.json().hasNonNull("val_top1"), told.out());
            assertSame("stopped" + steps, "whole" + steps, Long.parseLong(steps));
            assertEquals(
                    project.metrics("whole" + steps, "end").getFirst().get("val_top1"),
                    project.metrics("stopped" + steps, "end").getFirst().get("val_top1"));
        }
    }

    /// What a process leaves that is killed in its last evaluation: neither the epoch's line nor the encoder.
    @Test
    void killedInAnEvaluationItIsMadeUpForOnce() throws IOException {
        done(project.trained("whole", "train.steps=6"));
        done(project.trained("killed", "train.steps=3"));
        var metrics = project.run("killed").resolve("metrics.jsonl");
        var kept = Files.readAllLines(metrics).stream()
                .filter(line -> !line.contains("\"epoch\",") && !line.contains("\"end\""))
                .toList();
        Files.write(metrics, kept);
        Files.delete(project.run("killed").resolve("encoder.onnx"));
        done(project.resumed("killed"));
        assertTrue(Files.exists(project.run("killed").resolve("encoder.onnx")));
        assertEquals(1, project.metrics("killed", "epoch").size());
        done(project.resumed("killed"));
        assertEquals(1, project.metrics("killed", "epoch").size(), "it has been evaluated");
        done(project.resumed("killed", "train.steps=6"));
        assertSame("killed", "whole", 6);
    }
}
