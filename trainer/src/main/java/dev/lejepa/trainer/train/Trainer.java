package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.train.TrainEvent.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// The training loop: batches in, steps out, events to whoever listens.
public final class Trainer {
    /// No step.
    private static final long NEVER = -1;

    private final TrainJob job;
    private final TrainData data;
    private final Program program;
    private final TrainListener listener;
    private final StopRequest stop;
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

    /// @param stop asked before every step and within evaluations; true ends the run with a checkpoint
    public Trainer(TrainJob job, TrainData data, Program program, TrainListener listener, StopRequest stop) {
        this.job = job;
        this.data = data;
        this.program = program;
        this.listener = listener;
        this.stop = stop;
        var recipe = job.recipe();
        this.checkpoints = new Checkpoints(job.folder().path());
        this.order = new EpochOrder(
                recipe.seed(), data.train().source(), recipe.data().batch());
        this.evaluator = Evaluator.of(job, data, program);
    }

    /// The step after which the run stops.
    public long lastStep() {
        return RunLength.of(recipe(), order.images()).steps();
    }

    /// Trains from where a run stands to its end. A checkpoint that is due is saved before the evaluation that is due at
    /// the same step: a process that is killed while it evaluates loses no step, and the one that goes on evaluates
    /// first.
    ///
    /// @throws NonFiniteLossException if a loss is not a finite number; the newest checkpoint stays as it was
    public Result run(RunProgress progress) throws IOException, InterruptedException {
        var first = progress.step();
        var groups = ViewGroups.fed(recipe().views());
        var size = LoaderSize.of(job.workers(), recipe().data().batch(), groups);
        try (var loader = new TrainLoader(data.train(), order, groups, first, lastStep(), size);
                var inputs = new StepInputs(program, recipe().seed(), order.stepsPerEpoch());
                var batches = new BatchesAhead(loader, inputs)) {
            var loop = new Loop(batches, inputs, progress);
            try {
                return loop.run();
            } catch (IOException | BadInputException | NonFiniteLossException e) {
                loop.failed(e);
                throw e;
            } finally {
                stop.unsaved(false); // whatever is not saved by now never will be
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
        private final HealthCheck health =
                new HealthCheck(program, listener, recipe().views().count(), lastStep());
        private long step;
        private double loss = Double.NaN;
        private OptionalDouble valTop1 = OptionalDouble.empty();
        private OptionalDouble valProbeLoss = OptionalDouble.empty();
        private long savedAt;
        private long evaluatedAt = NEVER;
        /// The step of the last epoch whose end has been told.
        private long epochTold;

        Loop(BatchesAhead batches, StepInputs inputs, RunProgress progress) {
            this.batches = batches;
            this.inputs = inputs;
            this.first = progress.step();
            this.step = first;
            this.savedAt = first;
            this.epochTold = progress.epochTold() ? first : NEVER;
        }

        Result run() throws IOException, InterruptedException {
            broken.tell(step);
            if (first > 0 && epochEnds() && epochTold != step) {
                evaluate();
            }
            while (step < lastStep() && !stop.getAsBoolean() && batches.await(stop)) {
                one();
            }
            if (savedAt != step) {
                save();
            }
            var outcome = finish();
            broken.tell(step);
            var seconds = seconds();
            listener.on(new TrainEvent.Ended(step, seconds, outcome, valTop1));
            var images = (step - first) * recipe().data().batch();
            return new Result(outcome, step, seconds, images / seconds, loss, valTop1);
        }

        /// What follows the last step. All of it is done again by whoever resumes a run that was stopped meanwhile.
        private Outcome finish() throws IOException, InterruptedException {
            if (step < lastStep() || (evaluatedAt != step && !evaluate())) {
                return Outcome.INTERRUPTED;
            }
            writeEncoder();
            return Outcome.DONE;
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
            stop.unsaved(true);
            try (var batch = batches.next()) {
                var rate = inputs.feed(step, batch);
                program.step(batches::begin);
                if (step == first) {
                    picture(batch);
                }
                health.tell();
                step++;
                valTop1 = OptionalDouble.empty();
                report(batch, rate, began);
            }
            if (health.due(step)) {
                health.look(step);
            }
            if (checkpointDue()) {
                save();
            }
            if (epochEnds()) {
                evaluate();
            }
        }

        /// Of the first batch, when the step that may have made its views has run.
        private void picture(Batch batch) throws IOException {
            var png = job.folder().views();
            FirstViews.write(batch, program.views(), data.train().source(), recipe(), png);
            listener.on(new TrainEvent.PictureSaved(step, "views", png));
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

        /// Scores the held-out images, where there are any, and tells the end of the epoch, where one ends.
        ///
        /// @return whether it came to an end before the person asked to stop
        private boolean evaluate() throws InterruptedException {
            health.tell();
            if (evaluator.isPresent()) {
                var scores = evaluator.get().score(stop);
                if (scores.isEmpty()) {
                    return false;
                }
                valTop1 = OptionalDouble.of(scores.get().top1());
                valProbeLoss = OptionalDouble.of(scores.get().crossEntropy());
            }
            evaluatedAt = step;
            if (epochEnds() && epochTold != step) {
                epochTold = step;
                listener.on(new TrainEvent.EpochDone(step, epoch(), valTop1, valProbeLoss));
            }
            broken.tell(step);
            return true;
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
            health.tell();
            FiniteStates.firstNonFinite(program.states()).ifPresent(name -> {
                throw NonFiniteLossException.parameter(step, name);
            });
            listener.persist();
            var folder = checkpoints.save(
                    program.states(), step, job.recipeDigest(), recipe().train().keep());
            savedAt = step;
            stop.unsaved(false);
            listener.on(new TrainEvent.CheckpointSaved(step, folder));
        }
    }

    private void writeEncoder() throws IOException {
        try (var states = new HostStates(program.states())) {
            program.bundle().encoder().write(states::segment, job.folder().encoder());
        }
    }

    private Recipe recipe() {
        return job.recipe();
    }
}
