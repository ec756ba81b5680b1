package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at losses, at the health of the outputs and at the online probe, and tells the other listeners in plain words
/// what is wrong. A trouble is told when it appears, and again only after it had gone.
public final class TroubleWatch implements TrainListener {
    private static final int FILES_NAMED = 10;

    /// What the health of outputs may say.
    private static final List<TrainEvent.Topic> OF_HEALTH =
            List.of(TrainEvent.Topic.COLLAPSE, TrainEvent.Topic.DEAD, TrainEvent.Topic.SIZE);

    private final Limits limits;
    private final TrainListener others;
    private final StatisticWatch statistic;
    private final ProbeWatch probe;
    private final Set<Trouble> told = new HashSet<>();

    /// From where on a number is trouble.
    ///
    /// @param grace steps without warnings about health, statistic or probe: untrained networks put out almost equal
    ///     rows
    /// @param window steps over which the statistic is averaged
    /// @param rankFraction of the largest possible effective rank, below which rows have collapsed
    /// @param relativeDeviation of the root mean square of all entries, below which columns no longer vary
    /// @param deadFraction of all columns, above which dead ones are too many
    /// @param embeddingSize of an embedding's numbers, usual at most; that of projections is 1
    /// @param sizeFactor times its usual size, above which rows run away
    /// @param statisticFactor times its value for perfect rows, above which the statistic is far off
    public record Limits(
            long grace,
            int window,
            double rankFraction,
            double relativeDeviation,
            double deadFraction,
            double embeddingSize,
            double sizeFactor,
            double statisticFactor) {

        /// For a run with a warm-up of so many steps. A healthy run on CIFAR-10 stays at a tenth of the largest rank
        /// for hundreds of steps; a collapsed one is at one or two directions.
        public static Limits afterWarmup(long warmupSteps) {
            return new Limits(Math.max(100, 2 * warmupSteps), 50, 0.02, 1e-3, 0.05, 100, 10, 4);
        }
    }

    /// What was told.
    ///
    /// @param of what it is about, where a topic has several
    private record Trouble(TrainEvent.Topic topic, String of) {}

    /// @param levels empty where the regulariser is another test
    /// @param others who is told; not this watch itself
    public TroubleWatch(Limits limits, Optional<SigregLevels> levels, TrainListener others) {
        this.limits = limits;
        this.others = others;
        this.statistic = new StatisticWatch(limits, levels);
        this.probe = new ProbeWatch(limits.grace());
    }

    @Override
    public void on(TrainEvent event) {
        switch (event) {
            case TrainEvent.StepDone step -> step(step);
            case TrainEvent.Measured measured -> measured(measured);
            case TrainEvent.EpochDone epoch ->
                tell(epoch.step(), new Trouble(TrainEvent.Topic.PROBE, ""), probe.add(epoch), List.of());
            case TrainEvent.Started _,
                    TrainEvent.Warned _,
                    TrainEvent.PictureSaved _,
                    TrainEvent.CheckpointSaved _,
                    TrainEvent.Ended _ -> {}
        }
    }

    private void step(TrainEvent.StepDone step) {
        boolean finite =
                Double.isFinite(step.loss()) && Double.isFinite(step.probeLoss().orElse(0));
        Optional<String> loss = finite ? Optional.empty() : Optional.of(nonFinite(step));
        tell(step.step(), new Trouble(TrainEvent.Topic.LOSS, ""), loss, step.files());
        if (finite) {
            probe.add(step);
            Optional<String> trouble = statistic.add(step.step(), step.sigreg());
            tell(step.step(), new Trouble(TrainEvent.Topic.STATISTIC, ""), trouble, List.of());
        }
    }

    private void measured(TrainEvent.Measured measured) {
        if (measured.step() < limits.grace()) {
            return;
        }
        Map<TrainEvent.Topic, String> troubles = HealthTroubles.of(measured, limits);
        for (TrainEvent.Topic topic : OF_HEALTH) {
            Optional<String> trouble = Optional.ofNullable(troubles.get(topic));
            tell(measured.step(), new Trouble(topic, measured.of()), trouble, List.of());
        }
    }

    /// Tells what has just appeared.
    private void tell(long step, Trouble trouble, Optional<String> message, List<String> files) {
        if (message.isEmpty()) {
            told.remove(trouble);
        } else if (told.add(trouble)) {
            others.on(new TrainEvent.Warned(step, trouble.topic(), message.get(), files));
        }
    }

    private static String nonFinite(TrainEvent.StepDone step) {
        String files = step.files().stream()
                .limit(FILES_NAMED)
                .map(Escapes::unprintable)
                .collect(Collectors.joining(", "));
        int more = Math.max(0, step.files().size() - FILES_NAMED);
        return Text.format(
                "the loss of step %d is not a finite number (loss %s, invariance %s, SIGReg %s, probe %s)%s%s; %s",
                step.step(),
                step.loss(),
                step.invariance(),
                step.sigreg(),
                step.probeLoss().isPresent() ? step.probeLoss().getAsDouble() : "none",
                files.isEmpty() ? "" : "; its batch: " + files,
                more > 0 ? Text.format(" and %d more", more) : "",
                "go back to the last checkpoint and lower lr, or look at these images");
    }
}
