package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.random.Draws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A moment in the life of a run to kill it at.
enum Aim {
    ANY_MOMENT("at any moment"),
    START_UP("while it starts"),
    CHECKPOINT("while a checkpoint is written"),
    EVALUATION("while it evaluates"),
    METRICS("as it writes metrics"),
    END("while it ends");

    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(200_000);

    private final String words;

    Aim(String words) {
        this.words = words;
    }

    /// Where a run is that nothing happens to.
    ///
    /// @param firstStep from the start of the process to the first line of a step
    /// @param steps in all
    /// @param stepsPerEpoch a checkpoint and an evaluation end an epoch
    /// @param metricsBytes of the whole log
    record Course(Duration life, Duration firstStep, int steps, int stepsPerEpoch, long metricsBytes) {}

    @FunctionalInterface
    private interface Sight {
        boolean isThere() throws IOException;
    }

    String words() {
        return words;
    }

    /// Waits for the moment.
    ///
    /// @return false where the run ended before
    boolean await(TrainProcess train, Path run, Course course, Draws draws) throws IOException, InterruptedException {
        var epoch = 1 + draws.below(course.steps() / course.stepsPerEpoch());
        var metrics = run.resolve("metrics.jsonl");
        var checkpoints = run.resolve("checkpoints");
        return switch (this) {
            case ANY_MOMENT -> await(train, () -> true, course.life().toMillis(), draws);
            case START_UP -> await(train, () -> true, course.firstStep().toMillis(), draws);
            case CHECKPOINT -> {
                var partial = checkpoints.resolve(name(epoch * course.stepsPerEpoch()) + ".unfinished");
                yield await(train, () -> Files.exists(partial), 5, draws);
            }
            case EVALUATION -> {
                var line = "\"step\":%d,".formatted(epoch * course.stepsPerEpoch());
                yield await(
                        train,
                        () -> Files.exists(metrics) && Files.readString(metrics).contains(line),
                        20,
                        draws);
            }
            case METRICS -> {
                var bytes = draws.below((int) course.metricsBytes());
                yield await(train, () -> Files.exists(metrics) && Files.size(metrics) >= bytes, 0, draws);
            }
            case END -> {
                var last = checkpoints.resolve(name(course.steps()));
                yield await(train, () -> Files.exists(last), 100, draws);
            }
        };
    }

    private static String name(int step) {
        return "step-%06d".formatted(step);
    }

    /// @param within milliseconds after the sight, of which every moment is as likely
    private static boolean await(TrainProcess train, Sight sight, long within, Draws draws)
            throws IOException, InterruptedException {
        var wait = Duration.ofNanos((long) (draws.uniform() * within * 1e6));
        while (!sight.isThere()) {
            if (!train.process().isAlive()) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        return !train.process().waitFor(wait);
    }
}
