package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs in processes of their own that are killed, interrupted, or run out of disk.
@Timeout(120)
class InterruptionTest {
    /// More than anybody waits for.
    private static final String LONG = "train.epochs=100000";

    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private Process start(List<String> before, List<String> words) throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx300m", "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    private List<String> endless(String run) {
        return project.trainWords(
                "--out",
                project.run(run).toString(),
                "--set",
                LONG,
                "--set",
                "train.checkpoint_every_steps=5",
                "--set",
                "train.checkpoint_every_epochs=null");
    }

    /// Waits until the run has saved a few times.
    private void untilSaved(Process process, String run) throws IOException, InterruptedException {
        while (project.newest(run) < 10) {
            assertTrue(process.isAlive(), () -> "the run ended by itself: " + text());
            Thread.sleep(20);
        }
    }

    private String text() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// A run of as many steps that nothing happened to.
    private void assertSameAsUndisturbed(String run, long steps) throws IOException {
        var told = project.trained(
                "undisturbed",
                LONG,
                "train.steps=" + steps,
                "train.checkpoint_every_steps=5",
                "train.checkpoint_every_epochs=null");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(project.losses("undisturbed"), project.losses(run));
        for (var file : List.of("model.safetensors", "optimizer.safetensors", "manifest.json")) {
            var a = project.checkpoint("undisturbed", steps).resolve(file);
            assertEquals(-1, Files.mismatch(a, project.checkpoint(run, steps).resolve(file)), file);
        }
    }

    @Test
    void killedRunResumesToTheSameBits() throws IOException, InterruptedException {
        var process = start(List.of(), endless("killed"));
        untilSaved(process, "killed");
        process.destroyForcibly().waitFor();
        var steps = project.newest("killed") + 7;
        var told = project.resumed("killed", "train.steps=" + steps);
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertSameAsUndisturbed("killed", steps);
    }

    @Test
    void runOfOneProcessIsRefusedToAnyOther() throws IOException, InterruptedException {
        var process = start(List.of(), endless("busy"));
        untilSaved(process, "busy");
        var record =
                new ArrayList<>(project.trainWords("--out", project.run("busy").toString()));
        record.set(0, "record");
        for (var told :
                List.of(project.resumed("busy", "train.steps=900000"), project.trained("busy"), Told.by(record))) {
            assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
            var said = "%s: is in use by process %d on host '".formatted(project.run("busy"), process.pid());
            assertTrue(told.err().contains(said), told.err());
        }
        assertTrue(process.isAlive(), this::text);
        assertEquals(
                ExitCode.DONE,
                Told.by("inspect", project.run("busy").resolve("bundle").toString())
                        .code(),
                "readers are welcome");
        process.destroyForcibly().waitFor();
        var steps = project.newest("busy") + 2;
        var told = project.resumed("busy", "train.steps=" + steps);
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertSameAsUndisturbed("busy", steps);
    }

    @Test
    void interruptedRunFinishesItsStepSavesAndSaysHowToGoOn() throws IOException, InterruptedException {
        var process = start(List.of(), endless("stopped"));
        untilSaved(process, "stopped");
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the program ends");
        assertEquals(ExitCode.INTERRUPTED.value(), process.exitValue(), this::text);
        assertTrue(text().contains("go on with: ./lejepa train --resume --out " + project.run("stopped")), this::text);
        var stopped = project.newest("stopped");
        var logged = project.metrics("stopped", "step").getLast().get("step").asLong();
        assertEquals(logged, stopped, "the checkpoint has every step of the log");
        assertEquals(
                "interrupted",
                project.metrics("stopped", "end").getFirst().get("outcome").asText());
        assertEquals(
                ExitCode.DONE,
                project.resumed("stopped", "train.steps=" + (stopped + 2)).code());
        assertSameAsUndisturbed("stopped", stopped + 2);
    }

    /// The shell's limit on the size of files stands in for a full disk: to a program both are a write that fails. The
    /// optimizer's file, with two moments, is the only one above the limit.
    @Test
    void fullDiskWhileSavingIsExitCodeOneAndThePreviousCheckpointStaysGood() throws IOException, InterruptedException {
        var wide = new String[] {"model.projector.hidden=[512, 512]", "train.steps=4"};
        assertEquals(ExitCode.DONE, project.trained("run", wide).code());
        var optimizer = project.checkpoint("run", 4).resolve("optimizer.safetensors");
        var kilobytes = Files.size(optimizer) * 3 / 4 / 1024;
        var limited = List.of("bash", "-c", "ulimit -f " + kilobytes + "; exec \"$0\" \"$@\"");
        var process = start(limited, project.resumeWords("run", "train.steps=6"));
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends");
        assertEquals(ExitCode.FAULT.value(), process.exitValue(), this::text);
        assertEquals(
                1, text().lines().filter(line -> line.startsWith("lejepa: ")).count(), this::text);
        assertEquals(4, project.newest("run"));
        try (var left = Files.list(project.run("run").resolve("checkpoints"))) {
            assertTrue(left.noneMatch(p -> p.toString().endsWith("unfinished")), "nothing half written is left");
        }
        var told = project.resumed("run");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(6, project.newest("run"));
    }
}
