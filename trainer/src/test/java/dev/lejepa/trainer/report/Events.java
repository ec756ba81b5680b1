package dev.lejepa.trainer.report;

import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Health;
import dev.lejepa.trainer.train.TrainEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;

/// Events and a clock for tests.
final class Events {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.250Z");

    private Events() {}

    static TrainEvent.Started started(long step, long steps) {
        return new TrainEvent.Started("demo", step, steps, 2, steps / 2, 32, 1000, "cpu", 2);
    }

    static TrainEvent.StepDone step(long step) {
        return step(step, 0.5, 2);
    }

    static TrainEvent.StepDone step(long step, double loss, double sigreg) {
        return new TrainEvent.StepDone(
                step,
                1,
                loss,
                0.25,
                sigreg,
                OptionalDouble.of(2.25),
                1e-3,
                64.12345,
                0.5,
                List.of("a/1.png", "b/2.png"));
    }

    /// Of four rows at the corners of a square: two views of each of two images.
    static TrainEvent.Measured health(long step) {
        Features corners = new Features(new float[] {1, 0, 0, 1, -1, 0, 0, -1}, 4, 2);
        return new TrainEvent.Measured(step, "embedding", Health.ofViews(corners, 2));
    }

    static TrainEvent.EpochDone epoch(long step, int epoch) {
        return new TrainEvent.EpochDone(step, epoch, OptionalDouble.of(0.375), OptionalDouble.of(1.75));
    }

    static TrainEvent.Ended ended(long step) {
        return new TrainEvent.Ended(step, 12.5, TrainEvent.Outcome.DONE, OptionalDouble.empty());
    }

    /// A clock that stands still until it is moved.
    static final class Clock implements InstantSource {
        private Instant now = NOON;

        void advance(Duration span) {
            now = now.plus(span);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
