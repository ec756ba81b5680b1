package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.eval.SlicedEppsPulley;
import dev.lejepa.trainer.eval.Spectrum;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at losses and samples of the outputs and tells the other listeners in plain words what is wrong. A trouble is
/// told when it appears, and again only after it had gone.
public final class TroubleWatch implements TrainListener {
    private static final int FILES_NAMED = 10;

    private final Limits limits;
    private final TrainListener others;
    private final StatisticWatch statistic;
    private final Set<String> collapsed = new HashSet<>();
    private final Set<TrainEvent.Topic> told = EnumSet.noneOf(TrainEvent.Topic.class);

    /// From where on a number is trouble.
    ///
    /// @param grace steps without warnings about spread or statistic: untrained networks put out almost equal rows
    /// @param window steps over which the statistic is averaged
    /// @param rankFraction of the largest possible effective rank, below which rows have collapsed
    /// @param relativeDeviation of the root mean square of all entries, below which columns no longer vary
    /// @param statisticFactor times its value for perfect rows, above which the statistic is far off
    public record Limits(
            long grace, int window, double rankFraction, double relativeDeviation, double statisticFactor) {

        /// For a run with a warm-up of so many steps. A healthy run on CIFAR-10 stays at a tenth of the largest rank for
        /// hundreds of steps; a collapsed one is at one or two directions.
        public static Limits afterWarmup(long warmupSteps) {
            return new Limits(Math.max(100, 2 * warmupSteps), 50, 0.02, 1e-3, 4);
        }
    }

    /// The regulariser's statistic and the rows it is computed over.
    ///
    /// @param rows in one statistic: images of the batch, or rows of all views where they are pooled
    public record Statistic(SlicedEppsPulley test, int rows) {}

    /// @param statistic empty where the regulariser is another test
    /// @param others who is told; not this watch itself
    public TroubleWatch(Limits limits, Optional<Statistic> statistic, TrainListener others) {
        this.limits = limits;
        this.others = others;
        this.statistic = new StatisticWatch(limits, statistic);
    }

    @Override
    public void on(TrainEvent event) {
        switch (event) {
            case TrainEvent.StepDone step -> step(step);
            case TrainEvent.Sampled sampled -> sampled(sampled);
            case TrainEvent.Started _,
                    TrainEvent.EpochDone _,
                    TrainEvent.Measured _,
                    TrainEvent.Warned _,
                    TrainEvent.PictureSaved _,
                    TrainEvent.CheckpointSaved _,
                    TrainEvent.Ended _ -> {}
        }
    }

    private void step(TrainEvent.StepDone step) {
        boolean finite =
                Double.isFinite(step.loss()) && Double.isFinite(step.probeLoss().orElse(0));
        if (tellOnce(TrainEvent.Topic.LOSS, !finite)) {
            warn(step.step(), TrainEvent.Topic.LOSS, nonFinite(step), step.files());
        }
        if (finite) {
            Optional<String> trouble = statistic.add(step.step(), step.sigreg());
            if (tellOnce(TrainEvent.Topic.STATISTIC, trouble.isPresent())) {
                warn(step.step(), TrainEvent.Topic.STATISTIC, trouble.orElseThrow(), List.of());
            }
        }
    }

    /// Whether a trouble has just appeared.
    private boolean tellOnce(TrainEvent.Topic topic, boolean trouble) {
        if (trouble) {
            return told.add(topic);
        }
        told.remove(topic);
        return false;
    }

    private void sampled(TrainEvent.Sampled sampled) {
        TrainEvent.Measured measured = measure(sampled);
        others.on(measured);
        if (sampled.step() < limits.grace()) {
            return;
        }
        Optional<String> trouble = spreadTrouble(sampled, measured, limits);
        if (trouble.isEmpty()) {
            collapsed.remove(sampled.name());
        } else if (collapsed.add(sampled.name())) {
            warn(sampled.step(), TrainEvent.Topic.COLLAPSE, trouble.get(), List.of());
        }
    }

    /// Effective rank and spread of a sample.
    static TrainEvent.Measured measure(TrainEvent.Sampled sampled) {
        double[] deviations = Spectrum.deviations(sampled.rows());
        Arrays.sort(deviations);
        boolean finite = Double.isFinite(deviations[deviations.length - 1]);
        double rank = finite ? Spectrum.centered(sampled.rows()).effectiveRank() : Double.NaN;
        int largest = Math.min(sampled.rows().rows() - 1, sampled.rows().columns());
        return new TrainEvent.Measured(
                sampled.step(), sampled.name(), rank, largest, deviations[deviations.length / 2]);
    }

    /// What is wrong with the spread, if anything is.
    static Optional<String> spreadTrouble(TrainEvent.Sampled sampled, TrainEvent.Measured measured, Limits limits) {
        double size = rootMeanSquare(sampled.rows().values());
        if (Double.isNaN(measured.effectiveRank())) {
            return Optional.of(Text.format("the %ss hold numbers that are not finite", sampled.name()));
        }
        if (measured.deviation() <= limits.relativeDeviation() * size) {
            return Optional.of(Text.format(
                    "the %ss have collapsed: all images get nearly the same one (standard deviation %.2g at values of size %.2g);"
                            + " a larger lambda or a smaller lr may help",
                    sampled.name(), measured.deviation(), size));
        }
        if (measured.effectiveRank() < limits.rankFraction() * measured.largestRank()) {
            return Optional.of(Text.format(
                    "the %ss use few of their directions: effective rank %.1f of at most %d;"
                            + " a larger lambda or a smaller lr may help",
                    sampled.name(), measured.effectiveRank(), measured.largestRank()));
        }
        return Optional.empty();
    }

    private static double rootMeanSquare(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum / Math.max(1, values.length));
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

    private void warn(long step, TrainEvent.Topic topic, String message, List<String> files) {
        others.on(new TrainEvent.Warned(step, topic, message, files));
    }
}
