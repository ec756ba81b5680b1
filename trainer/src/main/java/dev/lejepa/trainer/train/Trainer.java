package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.ModelFactory;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.train.TrainEvent.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/// The training loop: batches in, steps out, events to whoever listens.
public final class Trainer {
    /// Steps between two looks at the spread of embeddings and projections.
    private static final int SAMPLE_EVERY = 50;

    private final TrainJob job;
    private final TrainData data;
    private final Program program;
    private final TrainListener listener;
    private final BooleanSupplier stop;
    private final Checkpoints checkpoints;
    private final EpochOrder order;
    private final Optional<Evaluator> evaluator;

    /// How a run ended.
    ///
    /// @param steps completed in all
    /// @param loss of the last step; NaN if none was made
    /// @param valTop1 after the last step, where it was evaluated
    public record Result(
            Outcome outcome, long steps, double seconds, double imagesPerSecond, double loss, OptionalDouble valTop1) {}

    /// @param stop asked before every step; true ends the run with a checkpoint
    public Trainer(TrainJob job, TrainData data, Program program, TrainListener listener, BooleanSupplier stop) {
        this.job = job;
        this.data = data;
        this.program = program;
        this.listener = listener;
        this.stop = stop;
        var recipe = job.recipe();
        this.checkpoints = new Checkpoints(job.folder().path());
        this.order = new EpochOrder(
                recipe.seed(), data.train().folder().size(), recipe.data().batch());
        this.evaluator = evaluator();
    }

    /// The step after which the run stops.
    public long lastStep() {
        return RunLength.of(recipe(), order.images()).steps();
    }

    /// Trains from step `first` to the end.
    ///
    /// @param first completed steps, those of the checkpoint that the states come from
    /// @throws NonFiniteLossException if a loss is not a finite number; the newest checkpoint stays as it was
    public Result run(long first) throws IOException, InterruptedException {
        var groups = ViewGroups.training(recipe().views());
        var size = LoaderSize.of(job.workers(), recipe().data().batch(), groups);
        try (var loader = new TrainLoader(data.train(), order, groups, first, lastStep(), size);
                var inputs = new StepInputs(program, recipe().seed(), order.stepsPerEpoch());
                var batches = new BatchesAhead(loader, inputs)) {
            var loop = new Loop(batches, inputs, first);
            try {
                return loop.run();
            } catch (IOException | BadInputException | NonFiniteLossException e) {
                loop.failed(e);
                throw e;
            }
        }
    }

    /// The state of one call of [#run].
    private final class Loop {
        private final BatchesAhead batches;
        private final StepInputs inputs;
        private final long first;
        private final long begin = System.nanoTime();
        private final BrokenNotes broken = new BrokenNotes(data, listener);
        private long step;
        private double loss = Double.NaN;
        private OptionalDouble valTop1 = OptionalDouble.empty();
        private OptionalDouble valProbeLoss = OptionalDouble.empty();
        private long savedAt;
        private long evaluatedAt;

        Loop(BatchesAhead batches, StepInputs inputs, long first) {
            this.batches = batches;
            this.inputs = inputs;
            this.first = first;
            this.step = first;
            this.savedAt = first;
            this.evaluatedAt = first;
        }

        Result run() throws IOException, InterruptedException {
            broken.tell(step);
            while (step < lastStep() && !stop.getAsBoolean()) {
                one();
            }
            var outcome = step < lastStep() ? Outcome.INTERRUPTED : Outcome.DONE;
            if (savedAt != step) {
                save();
            }
            if (outcome == Outcome.DONE) {
                if (evaluatedAt != step) {
                    evaluate();
                }
                writeEncoder();
            }
            broken.tell(step);
            var seconds = seconds();
            listener.on(new TrainEvent.Ended(step, seconds, outcome, valTop1));
            var images = (step - first) * recipe().data().batch();
            return new Result(outcome, step, seconds, images / seconds, loss, valTop1);
        }

        /// Tells the end of a run that a fault stopped. A listener may suffer from the same fault: a full disk.
        void failed(Exception fault) {
            try {
                listener.on(new TrainEvent.Ended(step, seconds(), Outcome.FAILED, OptionalDouble.empty()));
            } catch (UncheckedIOException e) {
                fault.addSuppressed(e);
            }
        }

        private double seconds() {
            return (System.nanoTime() - begin) / 1e9;
        }

        private void one() throws IOException, InterruptedException {
            var began = System.nanoTime();
            try (var batch = batches.next()) {
                if (step == first) {
                    FirstViews.write(batch, recipe().views(), job.folder().views());
                    listener.on(new TrainEvent.PictureSaved(
                            step, "views", job.folder().views()));
                }
                var rate = inputs.feed(step, batch);
                program.step(batches::begin);
                step++;
                valTop1 = OptionalDouble.empty();
                report(batch, rate, began);
            }
            if (step % SAMPLE_EVERY == 0 || epochEnds()) {
                sample("embedding", TrainGraph.EMBEDDINGS);
                sample("projection", TrainGraph.PROJECTIONS);
            }
            if (epochEnds()) {
                evaluate();
                listener.on(new TrainEvent.EpochDone(step, epoch(), valTop1, valProbeLoss));
                broken.tell(step);
            }
            if (checkpointDue()) {
                save();
            }
        }

        private void report(Batch batch, double rate, long began) {
            loss = program.metric(TrainGraph.LOSS);
            var probeLoss = program.metrics().containsKey(TrainGraph.PROBE_LOSS)
                    ? OptionalDouble.of(program.metric(TrainGraph.PROBE_LOSS))
                    : OptionalDouble.empty();
            var seconds = (System.nanoTime() - began) / 1e9;
            var files = batch.files().stream().map(PathText::text).toList();
            listener.on(new TrainEvent.StepDone(
                    step,
                    epoch(),
                    loss,
                    program.metric(TrainGraph.INVARIANCE),
                    program.metric(TrainGraph.SIGREG),
                    probeLoss,
                    rate,
                    batch.size() / seconds,
                    batch.waitMillis(),
                    files));
            if (!Double.isFinite(loss)) {
                throw NonFiniteLossException.loss(step, loss);
            }
        }

        /// The epoch of the step just done, from 1.
        private int epoch() {
            return Math.toIntExact((step - 1) / order.stepsPerEpoch() + 1);
        }

        private boolean epochEnds() {
            return step % order.stepsPerEpoch() == 0;
        }

        private void sample(String name, String metric) {
            var tensor = program.metrics().get(metric);
            if (tensor != null) {
                listener.on(new TrainEvent.Sampled(step, name, features(tensor)));
            }
        }

        private void evaluate() throws InterruptedException {
            evaluatedAt = step;
            if (evaluator.isPresent()) {
                var scores = evaluator.get().score();
                valTop1 = OptionalDouble.of(scores.top1());
                valProbeLoss = OptionalDouble.of(scores.crossEntropy());
            }
        }

        private boolean checkpointDue() {
            var train = recipe().train();
            var bySteps = train.checkpointEverySteps().isPresent()
                    && step % train.checkpointEverySteps().getAsInt() == 0;
            var byEpochs = train.checkpointEveryEpochs().isPresent()
                    && epochEnds()
                    && epoch() % train.checkpointEveryEpochs().getAsInt() == 0;
            return bySteps || byEpochs;
        }

        private void save() throws IOException {
            FiniteStates.firstNonFinite(program.states()).ifPresent(name -> {
                throw NonFiniteLossException.parameter(step, name);
            });
            var folder = checkpoints.save(
                    program.states(), step, job.recipeDigest(), recipe().train().keep());
            savedAt = step;
            listener.on(new TrainEvent.CheckpointSaved(step, folder));
        }
    }

    private void writeEncoder() throws IOException {
        try (var states = new HostStates(program.states())) {
            EncoderFile.write(
                    recipe(),
                    job.recipeDigest(),
                    0,
                    0,
                    states::segment,
                    job.folder().encoder());
        }
    }

    private Optional<Evaluator> evaluator() {
        if (data.classes() == 0
                || data.val().isEmpty()
                || !data.val().get().folder().isLabelled()) {
            return Optional.empty();
        }
        var size = ModelFactory.backbone(recipe().model().backbone()).imageHeight();
        var view = ViewGroups.evaluation(size);
        return Optional.of(
                new Evaluator(program, data.val().get(), view, recipe().data().batch(), data.classes(), job.workers()));
    }

    private static Features features(DeviceTensor matrix) {
        var shape = matrix.shape();
        return new Features(matrix.toFloats(), Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)));
    }

    private Recipe recipe() {
        return job.recipe();
    }
}
