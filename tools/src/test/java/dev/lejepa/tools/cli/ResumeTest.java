package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that were stopped and go on, compared with runs that were not.
class ResumeTest {
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

    /// Every file of the checkpoint, byte for byte.
    private void assertSameCheckpoint(String a, String b, long step) throws IOException {
        for (var file : List.of("model.safetensors", "optimizer.safetensors", "manifest.json")) {
            var difference = Files.mismatch(
                    project.checkpoint(a, step).resolve(file),
                    project.checkpoint(b, step).resolve(file));
            assertEquals(-1, difference, file + " of step " + step);
        }
    }

    @Test
    void fiveStepsAndFiveMoreAreTenStepsBitForBit() throws IOException {
        done(project.trained("whole", "train.steps=10"));
        done(project.trained("halves", "train.steps=5"));
        done(project.resumed("halves", "train.steps=10"));
        assertSameCheckpoint("whole", "halves", 10);
        assertEquals(project.losses("whole"), project.losses("halves"));
        assertEquals(
                -1,
                Files.mismatch(
                        project.run("whole").resolve("encoder.onnx"),
                        project.run("halves").resolve("encoder.onnx")));
    }

    /// What a power cut leaves: steps in the log that no checkpoint has, the last line half written.
    @Test
    void stepsAfterTheCheckpointAreDoneAgainAndStandOnceInTheMetrics() throws IOException {
        done(project.trained("whole", "train.steps=10"));
        done(project.trained("cut", "train.steps=8", "train.checkpoint_every_steps=5", "train.keep=9"));
        deleteAll(project.checkpoint("cut", 6)); // of the second epoch's end
        deleteAll(project.checkpoint("cut", 8));
        var metrics = project.run("cut").resolve("metrics.jsonl");
        var text = Files.readString(metrics);
        Files.writeString(metrics, text.substring(0, text.length() - 30));
        assertEquals(5, project.newest("cut"), "what the test is about");
        var told = project.resumed("cut", "train.steps=10");
        done(told);
        assertTrue(told.words().contains("resuming after step 5 of 10"), told.words());
        assertSameCheckpoint("whole", "cut", 10);
        assertEquals(project.losses("whole"), project.losses("cut"));
        var steps = project.metrics("cut", "step").stream()
                .map(line -> line.get("step").asLong())
                .toList();
        assertEquals(LongStream.rangeClosed(1, 10).boxed().toList(), steps);
    }

    private static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var entries = Files.list(folder)) {
                for (var entry : entries.toList()) {
                    Files.delete(entry);
                }
            }
            Files.delete(folder);
        }
    }

    @Test
    void oneLoaderThreadAndTwoGiveTheSameLosses() throws IOException {
        done(project.trained("one", "train.steps=7", "data.workers=1"));
        done(project.trained("two", "train.steps=7", "data.workers=2"));
        assertEquals(project.losses("one"), project.losses("two"));
    }

    /// True of target ort, whose sums are cut by their sizes.
    @Test
    void oneThreadOfTheEngineAndThreeGiveTheSameBits() throws IOException {
        var wide = new String[] {"train.steps=4", "data.batch=14", "views.global.size=64", "--threads"};
        for (var threads : List.of("1", "3")) {
            var words = Stream.concat(Stream.of(wide), Stream.of(threads)).toArray(String[]::new);
            done(project.trained("with" + threads, words));
        }
        assertEquals(project.losses("with1"), project.losses("with3"));
        assertSameCheckpoint("with1", "with3", 4);
    }

    @Test
    void runGoesOnWithItsOwnThreadsUnlessOthersAreAskedFor() throws IOException {
        done(project.trained("run", "train.steps=2", "--threads", "3"));
        done(project.resumed("run", "train.steps=3"));
        assertEquals(3, lastStart("threads").asInt());
        assertEquals(List.of(), project.metrics("run", "warning"));
        var told = project.resumed("run", "train.steps=4", "--threads", "1");
        done(told);
        assertEquals(1, lastStart("threads").asInt());
        assertTrue(told.words().contains("it computed with 3 threads, now with 1: sums may be added"), told.words());
        done(project.resumed("run", "train.steps=5"));
        assertEquals(1, lastStart("threads").asInt());
        assertEquals(1, project.metrics("run", "warning").size());
    }

    private JsonNode lastStart(String key) throws IOException {
        return project.metrics("run", "start").getLast().get(key);
    }

    @Test
    void anotherSeedGivesOtherLosses() throws IOException {
        done(project.trained("one", "train.steps=1"));
        done(project.trained("two", "train.steps=1", "seed=12"));
        assertFalse(project.losses("one").equals(project.losses("two")));
    }

    @Test
    void runWithoutACheckpointStartsOver() throws IOException {
        done(project.trained("whole", "train.steps=4"));
        done(project.trained("lost", "train.steps=4"));
        deleteAll(project.checkpoint("lost", 3));
        deleteAll(project.checkpoint("lost", 4));
        var told = project.resumed("lost");
        done(told);
        assertTrue(told.words().contains("there is no checkpoint yet; the run starts over"), told.words());
        assertEquals(project.losses("whole"), project.losses("lost"));
        assertSameCheckpoint("whole", "lost", 4);
    }

    @Test
    void finishedRunHasNothingToResumeAndSaysHowToGoOn() throws IOException {
        done(project.trained("run", "train.steps=4"));
        var told = project.resumed("run", "--json");
        done(told);
        assertTrue(told.err().contains("all 4 steps are done already"), told.err());
        assertEquals(4, told.json().get("steps").asInt());
        assertTrue(told.json().get("loss").isNull());
        assertEquals(1, project.metrics("run", "end").size());
    }

    @Test
    void moreEpochsAreAnotherScheduleAndSaidSo() throws IOException {
        done(project.trained("run", "train.epochs=2"));
        var told = project.resumed("run", "train.epochs=3");
        done(told);
        assertTrue(told.words().contains("train.epochs was 2, is 3; the learning rates now follow"), told.words());
        assertEquals(9, project.newest("run"));
        assertTrue(Files.readString(project.run("run").resolve("recipe.yaml")).contains("epochs: 3"));
    }

    @Test
    void movedImagesAreFoundByTheirNewPath() throws IOException {
        done(project.trained("whole", "train.steps=5"));
        done(project.trained("moved", "train.steps=3"));
        Files.move(project.train(), project.run("elsewhere"));
        done(project.resumed("moved", "train.steps=5", "data.train=" + project.run("elsewhere")));
        assertEquals(project.losses("whole"), project.losses("moved"));
    }
}
