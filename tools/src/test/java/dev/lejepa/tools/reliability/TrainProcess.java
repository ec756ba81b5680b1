package dev.lejepa.tools.reliability;

import dev.lejepa.tools.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A `train` command in a process of its own.
record TrainProcess(Process process, Path log, long began) {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /// @param before a command that starts the other one: what changes its surroundings
    static TrainProcess start(List<String> before, List<String> words, Path log) throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new TrainProcess(process, log, System.nanoTime());
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Ends it at once, without a word: SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// The exit code.
    int end() throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("does not end: " + said());
        }
        return process.exitValue();
    }

    String said() throws IOException {
        return Files.readString(log);
    }
}
