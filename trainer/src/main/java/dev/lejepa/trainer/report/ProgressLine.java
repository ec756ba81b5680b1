package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.Health;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.OptionalDouble;

/// Tells a person how the run is doing: on a terminal one line that is rewritten, elsewhere a line every minute;
/// in both a line for each epoch and each warning. Early on it says how long the whole run will take.
public final class ProgressLine implements TrainListener {
    /// Steps whose pace is taken as the run's: the first ones also wait for memory and caches.
    private static final int STEPS_TO_SKIP = 2;

    private static final int STEPS_TO_ESTIMATE = 10;
    private static final Duration REFRESH = Duration.ofMillis(100);
    private static final Duration PLAIN_INTERVAL = Duration.ofMinutes(1);
    /// Back to the line's start and clear it; the terminal cuts what is longer than the line while wrapping
    /// is off.
    private static final String REWRITE = "\r\033[K\033[?7l";

    private static final String WRAP = "\033[?7h";
    private static final String CLEAR = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private final LossMeans epochMeans = new LossMeans();
    private long steps;
    private int epochs;
    private int batch;
    private long stepsSeen;
    /// The embedding's effective rank when it was last looked at.
    private String rank = "";
    private Instant started;
    private Instant paceFrom;
    private Instant lastShown = Instant.EPOCH;

    /// @param out where people look; standard error
    /// @param terminal whether that is a terminal
    public ProgressLine(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.started = clock.instant();
        this.paceFrom = started;
    }

    @Override
    public void on(TrainEvent event) {
        switch (event) {
            case TrainEvent.Started begin -> start(begin);
            case TrainEvent.StepDone step -> step(step);
            case TrainEvent.EpochDone epoch -> epoch(epoch);
            case TrainEvent.Warned warned ->
                line(Text.format("warning (step %d): %s", warned.step(), warned.message()));
            case TrainEvent.Ended ended -> end(ended);
            case TrainEvent.Measured measured -> measured(measured);
            case TrainEvent.PictureSaved _, TrainEvent.CheckpointSaved _ -> {}
        }
    }

    private void start(TrainEvent.Started begin) {
        steps = begin.steps();
        epochs = begin.epochs();
        batch = begin.batch();
        stepsSeen = 0;
        started = clock.instant();
        if (begin.step() > 0) {
            line(Text.format("resuming after step %d of %d", begin.step(), begin.steps()));
        }
    }

    private void step(TrainEvent.StepDone step) {
        Instant now = clock.instant();
        stepsSeen++;
        epochMeans.add(step);
        if (stepsSeen == STEPS_TO_SKIP) {
            paceFrom = now;
        }
        if (stepsSeen == STEPS_TO_ESTIMATE && step.step() < steps) {
            Duration left = left(step.step(), now);
            line(Text.format(
                    "%s images/s; %s to go, done about %s",
                    number(imagesPerSecond(now)), Spans.text(left), clockTime(now.plus(left))));
        }
        Duration silent = Duration.between(lastShown, now);
        if (silent.compareTo(terminal ? REFRESH : PLAIN_INTERVAL) >= 0) {
            lastShown = now;
            String text = Text.format(
                    "%d/%d  %s images/s  %s left  %s%s",
                    step.step(), steps, number(imagesPerSecond(now)), leftText(step.step(), now), losses(step), rank);
            if (terminal) {
                out.print(REWRITE + text + WRAP);
                out.flush();
            } else {
                line("step " + text);
            }
        }
    }

    private void measured(TrainEvent.Measured measured) {
        if (measured.of().equals("embedding")) {
            Health health = measured.health();
            rank = Text.format("  rank %s/%d", number(health.rankMe()), health.largestRank());
        }
    }

    private void epoch(TrainEvent.EpochDone epoch) {
        String top1 = epoch.valTop1().isPresent()
                ? Text.format(", held-out top-1 %.1f %%", 100 * epoch.valTop1().getAsDouble())
                : "";
        Instant now = clock.instant();
        line(Text.format(
                "epoch %d/%d: %s%s%s; %s so far, %s left",
                epoch.epoch(),
                epochs,
                epochMeans,
                rank,
                top1,
                Spans.text(Duration.between(started, now)),
                leftText(epoch.step(), now)));
        epochMeans.reset();
    }

    private void end(TrainEvent.Ended ended) {
        String how = switch (ended.outcome()) {
            case DONE -> "done";
            case INTERRUPTED -> "stopped";
            case FAILED -> "failed";
        };
        line(Text.format(
                "%s after step %d of %d, %s",
                how, ended.step(), steps, Spans.text(Duration.ofMillis(Math.round(ended.seconds() * 1000)))));
    }

    /// A line that stays. The rewritten line below it comes back with the next step.
    private void line(String text) {
        out.println(terminal ? CLEAR + text : text);
        out.flush();
    }

    /// Over the whole sitting, evaluations and checkpoints included: that is what remains to be waited for.
    private double imagesPerSecond(Instant now) {
        double seconds = Duration.between(paceFrom, now).toNanos() / 1e9;
        return seconds > 0 && stepsSeen > STEPS_TO_SKIP ? (stepsSeen - STEPS_TO_SKIP) * batch / seconds : Double.NaN;
    }

    private Duration left(long step, Instant now) {
        double nanos = (double) Duration.between(paceFrom, now).toNanos() / Math.max(1, stepsSeen - STEPS_TO_SKIP);
        return Duration.ofNanos((long) (nanos * (steps - step)));
    }

    private String leftText(long step, Instant now) {
        return stepsSeen > STEPS_TO_SKIP ? Spans.text(left(step, now)) : "?";
    }

    private static String clockTime(Instant instant) {
        return Text.format("%tH:%<tM", instant.atZone(ZoneId.systemDefault()));
    }

    private static String losses(TrainEvent.StepDone step) {
        return LossMeans.text(step.loss(), step.invariance(), step.sigreg(), step.probeLoss());
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        return value < 100 ? Text.format("%.1f", value) : Text.format("%.0f", value);
    }

    /// Means of an epoch's losses.
    private static final class LossMeans {
        private long count;
        private double loss;
        private double invariance;
        private double sigreg;
        private double probe;
        private boolean hasProbe;

        void add(TrainEvent.StepDone step) {
            count++;
            loss += step.loss();
            invariance += step.invariance();
            sigreg += step.sigreg();
            probe += step.probeLoss().orElse(0);
            hasProbe = step.probeLoss().isPresent();
        }

        void reset() {
            count = 0;
            loss = 0;
            invariance = 0;
            sigreg = 0;
            probe = 0;
        }

        static String text(double loss, double invariance, double sigreg, OptionalDouble probe) {
            String own = Text.format("loss %.3f  invariance %.3f  SIGReg %.2f", loss, invariance, sigreg);
            return probe.isPresent() ? own + Text.format("  probe %.3f", probe.getAsDouble()) : own;
        }

        @Override
        public String toString() {
            OptionalDouble mean = hasProbe ? OptionalDouble.of(probe / count) : OptionalDouble.empty();
            return text(loss / count, invariance / count, sigreg / count, mean);
        }
    }
}
