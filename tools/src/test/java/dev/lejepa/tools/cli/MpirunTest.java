package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `train --ranks 2` as a person starts it, by the `mpirun` of each library; where one is missing, its test says so.
@Timeout(180)
class MpirunTest {
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    private int start(Path mpirun, List<String> words, Path log) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx200m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(words);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // both libraries call theirs `mpirun`: the one to be tried stands first
        var first = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(first.resolve("mpirun"), "#!/bin/sh\nexec " + mpirun + " \"$@\"\n");
        assertTrue(first.resolve("mpirun").toFile().setExecutable(true));
        builder.environment().put("PATH", first + ":" + System.getenv("PATH"));
        var process = builder.start();
        assertTrue(process.waitFor(150, TimeUnit.SECONDS), "it ends");
        return process.exitValue();
    }

    /// A sum of two numbers has one order, so all that carries them gives the same bits.
    @ParameterizedTest
    @CsvSource({"mpirun.openmpi,Open MPI", "mpirun.mpich,MPICH"})
    void aRunByMpirunIsThatOfTheSameRanksAsThreads(String name, String library)
            throws IOException, InterruptedException {
        var mpirun = Mpirun.onPath(name, System.getenv());
        assumeTrue(mpirun.isPresent(), () -> library + " is not installed: no " + name + " on the PATH");
        var project = TinyProject.in(folder);
        var log = folder.resolve("log");
        var more = List.of("--threads", "1", "--device", "cpu", "--set", "train.steps=" + STEPS);

        var words =
                new ArrayList<>(project.trainWords("--out", project.run("ranks").toString()));
        words.addAll(more);
        words.addAll(List.of("--ranks", "2"));
        assertEquals(0, start(mpirun.get(), words, log), () -> read(log));
        assertTrue(read(log).contains(library), () -> read(log));

        var threads = new ArrayList<>(
                project.trainWords("--out", project.run("threads").toString()));
        threads.addAll(more);
        Told.together(Collections.nCopies(2, threads));
        assertEquals(project.losses("threads"), project.losses("ranks"));
        assertArrayEquals(model(project, "threads"), model(project, "ranks"));
    }

    private static byte[] model(TinyProject project, String run) throws IOException {
        return Files.readAllBytes(project.checkpoint(run, STEPS).resolve("model.safetensors"));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Each of two processes would say the same.
    @ParameterizedTest
    @CsvSource("mpirun.openmpi")
    void badInputIsToldOnce(String name) throws IOException, InterruptedException {
        var mpirun = Mpirun.onPath(name, System.getenv());
        assumeTrue(mpirun.isPresent(), () -> "no " + name + " on the PATH");
        var log = folder.resolve("log");
        var missing = folder.resolve("missing.yaml").toString();
        var code = start(mpirun.get(), List.of("train", "--config", missing, "--ranks", "2"), log);
        assertEquals(ExitCode.BAD_INPUT.value(), code, () -> read(log));
        assertEquals(
                1,
                read(log).lines().filter(line -> line.contains("missing.yaml")).count(),
                () -> read(log));
    }
}
