package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StopSignalTest {
    /// A program whose command does one of a few things that signals come into.
    static final class Interrupted {
        private Interrupted() {}

        public static void main(String[] arguments) {
            Main.run(_ -> new Work(Phase.valueOf(arguments[0])), List.of("train"));
        }
    }

    private enum Phase {
        /// Never asks whether to stop: scanning, compiling.
        DEAF,
        /// Asks, and then saves.
        SAVING,
        /// Asked once, and is busy with something that nobody would miss.
        LOST,
        /// Saves without end.
        STUCK
    }

    private record Work(Phase phase) implements Command {
        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public String example() {
            return "";
        }

        @Override
        public ExitCode run(Call call) throws InterruptedException {
            var stop = call.stopSignal();
            if (phase != Phase.DEAF) {
                stop.getAsBoolean();
            }
            stop.unsaved(phase == Phase.SAVING || phase == Phase.STUCK);
            call.console().say("ready");
            while (phase != Phase.SAVING || !stop.getAsBoolean()) {
                Thread.sleep(10);
            }
            Thread.sleep(1500); // longer than one who has nothing to save may take
            stop.unsaved(false);
            call.console().say("saved");
            return ExitCode.INTERRUPTED;
        }
    }

    /// A process that has said that it is ready.
    private record Running(Process process, BufferedReader lines) implements AutoCloseable {
        static Running start(Phase phase) throws IOException {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var words = List.of(
                    java, "-cp", System.getProperty("java.class.path"), Interrupted.class.getName(), phase.name());
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            var lines = process.inputReader(StandardCharsets.UTF_8);
            var line = lines.readLine();
            while (line != null && !line.equals("ready")) {
                line = lines.readLine(); // what a JVM may say first
            }
            assertEquals("ready", line);
            return new Running(process, lines);
        }

        void send(String signal) throws IOException, InterruptedException {
            var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            assertEquals(0, kill.waitFor());
        }

        void assertEnds(int code, List<String> said) throws InterruptedException {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the program ends");
            assertEquals(code, process.exitValue());
            assertEquals(said, lines.lines().toList());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void aCommandThatSavesIsWaitedForAndTheExitCodeIsTheSignals() throws Exception {
        try (var interrupted = Running.start(Phase.SAVING);
                var terminated = Running.start(Phase.SAVING)) {
            interrupted.send("INT");
            terminated.send("TERM");
            interrupted.assertEnds(130, List.of("saved"));
            terminated.assertEnds(143, List.of("saved"));
        }
    }

    @Test
    void aCommandThatDoesNotAskEndsAtOnce() throws Exception {
        try (var interrupted = Running.start(Phase.DEAF);
                var terminated = Running.start(Phase.DEAF)) {
            interrupted.send("INT");
            terminated.send("TERM");
            interrupted.assertEnds(130, List.of("lejepa: stopped"));
            terminated.assertEnds(143, List.of("lejepa: stopped"));
        }
    }

    @Test
    void aCommandThatHasNothingToSaveAndDoesNotAnswerIsEnded() throws Exception {
        try (var running = Running.start(Phase.LOST)) {
            running.send("INT");
            running.assertEnds(130, List.of("lejepa: stopped"));
        }
    }

    @Test
    void theSecondSignalEndsEvenWhatSaves() throws Exception {
        try (var running = Running.start(Phase.STUCK)) {
            running.send("INT");
            Thread.sleep(1200);
            assertTrue(running.process().isAlive(), "one signal leaves it time to save");
            running.send("TERM");
            running.assertEnds(143, List.of());
        }
    }
}
