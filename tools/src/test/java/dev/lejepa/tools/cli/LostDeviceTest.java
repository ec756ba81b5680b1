package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.RunSettings;
import dev.lejepa.tools.run.TrainSession;
import dev.lejepa.trainer.ranks.Fault;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.StopRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose device fails between two checkpoints.
class LostDeviceTest {
    @TempDir
    Path folder;

    private static void train(TinyProject project, Path run, StopRequest stop)
            throws IOException, InterruptedException {
        var sets = List.of(
                "data.train=" + project.train(),
                "data.val=null",
                "train.steps=9",
                "train.checkpoint_every_steps=4",
                "train.checkpoint_every_epochs=null");
        var recipe = RecipeFile.read(project.recipe(), sets);
        var out = new PrintStream(PrintStream.nullOutputStream());
        var to = new RunFolder(run);
        var settings = new RunSettings(recipe, to, false, false, "cpu", EngineOptions.of(1), false, out, stop);
        try (var lock = RunLock.take(to.path(), out::println)) {
            TrainSession.run(settings, lock);
        }
    }

    private static List<String> steps(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"event\":\"step\""))
                .map(line -> line.replaceAll("\"images_per_s.*", ""))
                .toList();
    }

    @Test
    void theLastCheckpointIsWholeAndIsNamed() throws IOException, InterruptedException {
        var project = TinyProject.in(folder);
        var run = project.run("lost");
        var saved = project.checkpoint("lost", 4);
        var asked = new AtomicInteger();
        var thrown = assertThrows(
                CudaException.class,
                () -> train(project, run, () -> {
                    if (Files.exists(saved) && asked.incrementAndGet() == 3) {
                        throw new CudaException("train.onnx: unspecified launch failure", 719);
                    }
                    return false;
                }));
        var fault = Fault.of(thrown);
        assertEquals(
                "device 'cpu' is lost: train.onnx: unspecified launch failure; the run's newest checkpoint, step-000004, is whole: go on with ./lejepa train --resume --out "
                        + run,
                fault.message());
        assertTrue(!fault.badInput());
        var log = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertTrue(log.getLast().contains("\"event\":\"end\""), log.getLast());
        assertTrue(log.getLast().contains("failed"), log.getLast());

        var resumed = project.resumed("lost");
        assertEquals(ExitCode.DONE, resumed.code(), resumed.err());
        train(project, project.run("undisturbed"), () -> false);
        assertEquals(steps(project.run("undisturbed")), steps(run));
    }
}
