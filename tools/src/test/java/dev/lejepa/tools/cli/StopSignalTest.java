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

class StopSignalTest {
    /// A program whose command waits for Ctrl-C, saves, and says so.
    static final class Waiting {
        private Waiting() {}

        public static void main(String[] arguments) {
            Main.run(_ -> new WaitingCommand(), List.of("train"));
        }
    }

    private record WaitingCommand() implements Command {
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
            StopSignal stop = call.stopSignal();
            call.console().say("ready");
            while (!stop.getAsBoolean()) {
                Thread.sleep(10);
            }
            Thread.sleep(100);
            call.console().say("saved");
            return ExitCode.INTERRUPTED;
        }
    }

    @Test
    @Timeout(30)
    void interruptedProgramSavesFirstAndExitsWithTheCodeOfTheSignal() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Waiting.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals("ready")) {
                line = lines.readLine(); // what a JVM may say first
            }
            assertEquals("ready", line);
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                            .start()
                            .waitFor());
            assertEquals("saved", lines.readLine());
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "the program ends");
        assertEquals(ExitCode.INTERRUPTED.value(), process.exitValue());
    }
}
