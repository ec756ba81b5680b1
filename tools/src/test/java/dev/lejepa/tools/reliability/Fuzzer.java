package dev.lejepa.tools.reliability;

import dev.lejepa.tools.reliability.FlightRecorder.Counts;
import dev.lejepa.tools.reliability.FuzzProcess.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Feeds readers with damaged files, in processes of their own, and tells what came of it.
///
/// @param count inputs for each target
/// @param most time for each target
/// @param kept folder for inputs that fail
record Fuzzer(long seed, long count, Duration most, Path kept) {
    /// A process that is brought down this often need not be tried again.
    private static final int MOST_DEATHS = 10;

    /// What the build, or `tools/reliability/fuzz.sh` by system properties, asks for.
    static Fuzzer asked(Path kept) {
        return new Fuzzer(
                Long.getLong("fuzz.seed", 1),
                Long.getLong("fuzz.inputs", 10_000),
                Duration.ofMillis((long) (1000 * Double.parseDouble(System.getProperty("fuzz.seconds", "3.5")))),
                kept);
    }

    /// What came of one target.
    record Result(Format format, Counts counts, int deaths, double seconds) {
        boolean isClean() {
            return counts.failed() == 0 && deaths == 0;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-12s %,9d inputs in %4.0f s (%,7.0f/s): %,9d refused, %,7d accepted, %d failed, %d deaths",
                    format.word(),
                    counts.all(),
                    seconds,
                    counts.all() / seconds,
                    counts.refused(),
                    counts.accepted(),
                    counts.failed(),
                    deaths);
        }
    }

    /// Tries one target.
    Result run(Format format) throws IOException, InterruptedException {
        Files.createDirectories(kept);
        var began = System.nanoTime();
        var counts = Counts.NONE;
        var deaths = 0;
        var next = 0L;
        while (next < count && deaths < MOST_DEATHS && left(began).isPositive()) {
            var scratch = scratch();
            var job = new Job(format, seed, next, count - next, left(began), scratch, kept);
            Files.deleteIfExists(job.recorder());
            try (var recorder = new FlightRecorder(job.recorder())) {
                recorder.begin(next - 1, new byte[0]);
                var log = scratch.resolve("log.txt");
                var code = start(job, log).waitFor();
                counts = counts.plus(recorder.counts());
                if (code == FuzzProcess.DONE) {
                    break;
                }
                if (recorder.index() < next) {
                    throw new IllegalStateException("%s cannot be fed: %s".formatted(format, Files.readString(log)));
                }
                next = recorder.index() + 1;
                deaths++;
                job.keep(recorder.index(), recorder.input(), "exit code %d\n%s".formatted(code, Files.readString(log)));
            } finally {
                Files.deleteIfExists(job.recorder());
                delete(scratch);
            }
        }
        return new Result(format, counts, deaths, (System.nanoTime() - began) / 1e9);
    }

    private Duration left(long began) {
        return most.minusNanos(System.nanoTime() - began);
    }

    private static Process start(Job job, Path log) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        command.add("-XX:ErrorFile=" + job.kept().resolve(job.format().word() + "-hs_err.log"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FuzzProcess.class.getName()));
        command.addAll(List.of(job.words()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /// In memory where that can be: a reader that forces files to the disk would wait for it.
    private static Path scratch() throws IOException {
        var memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "lejepa-fuzz")
                : Files.createTempDirectory("lejepa-fuzz");
    }

    private static void delete(Path folder) throws IOException {
        try (var entries = Files.walk(folder)) {
            for (var entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
