package dev.lejepa.tools.reliability;

import dev.lejepa.tools.reliability.FlightRecorder.Counts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// The process that feeds a reader: a library that brings the JVM down takes nothing else with it.
final class FuzzProcess {
    /// No input may take longer.
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    static final int DONE = 0;
    static final int HANGS = 3;

    /// Files that are kept; one fault is often met by thousands of inputs.
    private static final int MOST_KEPT = 20;

    private final Job job;
    private final FlightRecorder recorder;
    private volatile long began;

    private FuzzProcess(Job job, FlightRecorder recorder) {
        this.job = job;
        this.recorder = recorder;
    }

    /// What a process does.
    ///
    /// @param format whose reader is fed
    /// @param first number of the first input
    /// @param count inputs, if they take no longer than `most`
    /// @param kept folder for inputs that fail, and the flight recorder
    record Job(Format format, long seed, long first, long count, Duration most, Path scratch, Path kept) {
        String[] words() {
            return new String[] {
                format.word(),
                Long.toString(seed),
                Long.toString(first),
                Long.toString(count),
                Long.toString(most.toMillis()),
                scratch.toString(),
                kept.toString()
            };
        }

        static Job of(String... words) {
            return new Job(
                    Format.of(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Duration.ofMillis(Long.parseLong(words[4])),
                    Path.of(words[5]),
                    Path.of(words[6]));
        }

        Path recorder() {
            return kept.resolve(format.word() + ".recorder");
        }

        /// Where an input that failed is kept, and beside it the reason.
        Path failed(long index) {
            return kept.resolve("%s-%d-%d.bin".formatted(format.word(), seed, index));
        }

        void keep(long index, byte[] input, String reason) throws IOException {
            var file = failed(index);
            Files.write(file, input);
            Files.writeString(file.resolveSibling(file.getFileName() + ".txt"), reason);
        }
    }

    public static void main(String... words) throws IOException {
        var job = Job.of(words);
        var target = job.format().target(job.scratch());
        try (var recorder = new FlightRecorder(job.recorder())) {
            new FuzzProcess(job, recorder).run(target);
        }
        System.exit(DONE);
    }

    private void run(FuzzTarget target) throws IOException {
        began = System.nanoTime();
        watch(Thread.currentThread());
        var end = System.nanoTime() + job.most().toNanos();
        var counts = Counts.NONE;
        for (var index = job.first(); index < job.first() + job.count() && System.nanoTime() < end; index++) {
            var input = target.input(job.seed(), index);
            recorder.begin(index, input);
            began = System.nanoTime();
            var verdict = Verdict.of(target.reader(), input);
            counts = counts.plus(verdict);
            recorder.counts(counts);
            if (verdict instanceof Verdict.Failed failed && counts.failed() <= MOST_KEPT) {
                job.keep(index, input, describe(failed));
            }
        }
    }

    private static String describe(Verdict.Failed failed) {
        var text = new StringWriter();
        text.append(failed.reason()).append('\n');
        failed.thrown().ifPresent(thrown -> thrown.printStackTrace(new PrintWriter(text, true)));
        return text.toString();
    }

    /// Ends this process, with the place that it hangs at, where an input takes too long: by the reader's own time, so
    /// that a busy machine is not taken for a fault, or, where the reader only waits, by the clock.
    private void watch(Thread reader) {
        var threads = ManagementFactory.getThreadMXBean();
        Thread.ofPlatform().daemon().start(() -> {
            var seen = -1L;
            var computed = 0L;
            while (true) {
                if (began != seen) {
                    seen = began;
                    computed = threads.getThreadCpuTime(reader.threadId());
                }
                var computing = threads.getThreadCpuTime(reader.threadId()) - computed;
                if (computing > LONGEST.toNanos() || System.nanoTime() - seen > LONGEST_WAIT.toNanos()) {
                    System.out.println("takes too long: " + Arrays.toString(reader.getStackTrace()));
                    Runtime.getRuntime().halt(HANGS);
                }
                pause();
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the watch", e);
        }
    }
}
