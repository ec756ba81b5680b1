package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.ranks.SharedFaultException;
import dev.lejepa.trainer.train.TrainEvent.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// The training loop: batches in, steps out, events to whoever listens. Several processes that train together run it
/// alike; the first one writes the run's folder.
public final class Trainer {
    /// No step.
    private static final long NEVER = -1;

    private final TrainJob job;
    private final TrainData data;
    private final Program program;
    private final Ranks ranks;
    private final Exchange exchange;
    private final TrainListener listener;
    private final StopRequest stop;
    private final EpochOrder order;
    private final Optional<Evaluator> evaluator;

    /// How a run ended.
    ///
    /// @param steps completed in all
    /// @param loss of the last step; NaN if none was made
    /// @param valTop1 after the last step, where it was evaluated
    public record Result(
            Outcome outcome, long steps, double seconds, double imagesPerSecond, double loss, OptionalDouble valTop1) {}

    /// @param ranks all processes of the run
    /// @param exchange through which their steps are one
    /// @param listener of the first process; nobody listens to the others
    /// @param stop asked before every step and within evaluations; true in any process ends the run with a checkpoint
    public Trainer(
            TrainJob job,
            TrainData data,
            Program program,
            Ranks ranks,
            Exchange exchange,
            TrainListener listener,
            StopRequest stop) {
        this.job = job;
        this.data = data;
        this.program = program;
        this.ranks = ranks;
        this.exchange = exchange;
        this.listener = listener;
        this.stop = stop;
        this.order = new EpochOrder(
                recipe().seed(), data.train().source(), recipe().data().batch());
        this.evaluator = Evaluator.of(job, data, program, ranks);
    }

    /// The step after which the run stops.
    public long lastStep() {
        return RunLength.of(recipe(), order.images()).steps();
    }

    /// Trains from where a run stands to its end. A checkpoint that is due is saved before the evaluation that is due at
    /// the same step: a process that is killed while it evaluates loses no step, and the one that goes on
    /// evaluates first.
    ///
    /// @throws NonFiniteLossException if a loss is not a finite number; the newest checkpoint stays as it was
    /// @throws DeviceMemoryException if the device's memory is full; the same
    /// @throws CudaException if the device fails otherwise; the same
    public Result run(RunProgress progress) throws IOException, InterruptedException {
        var first = progress.step();
        var groups = ViewGroups.fed(recipe().views());
        var share = exchange.share();
        var size = LoaderSize.of(job.workers(), share.images(), groups);
        try (var loader = new TrainLoader(data.train(), order, share, groups, first, lastStep(), size);
                var inputs = new StepInputs(program, recipe().seed(), order.stepsPerEpoch());
                var batches = new BatchesAhead(loader, inputs)) {
            var loop = new Loop(batches, inputs, progress);
            try {
                return loop.run();
            } catch (IOException
                    | BadInputException
                    | SharedFaultException
                    | NonFiniteLossException
                    | DeviceMemoryException
                    | CudaException e) {
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
        private final StepGate gate;
        private final Replicas replicas = new Replicas(ranks, program.states(), listener);
        private final RunSaver saver =
                new RunSaver(job, program, ranks, replicas, listener, stop, order.stepsPerEpoch());
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
            this.gate = new StepGate(ranks, batches, data.train().broken(), stop);
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
            while (step < lastStep() && one()) {}
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
            saver.writeEncoder();
            return Outcome.DONE;
        }

        /// Tells the end of a run that a fault stopped. A listener may suffer from the same fault, a full disk; and
        /// where the run's folder is another process's by now, which who is asked to stop tells, nothing more is told
        /// there.
        void failed(Exception fault) {
            try {
                var _ = stop.getAsBoolean();
                listener.on(new TrainEvent.Ended(step, seconds(), Outcome.FAILED, OptionalDouble.empty()));
            } catch (RuntimeException e) {
                fault.addSuppressed(e);
            }
        }

        private double seconds() {
            return (System.nanoTime() - begin) / 1e9;
        }

        /// @return whether there was a step; not if a process was asked to stop
        private boolean one() throws IOException, InterruptedException {
            var next = gate.next();
            if (next.isEmpty()) {
                return false;
            }
            stop.unsaved(true);
            try (var batch = next.get()) {
                var rate = inputs.feed(step, batch.own(), batch.labels(source()));
                program.step(inputs, exchange, batches::begin);
                if (step == first && leads()) {
                    picture(batch.own());
                }
                health.tell();
                step++;
                valTop1 = OptionalDouble.empty();
                report(batch, rate);
            }
            if (leads() && health.due(step)) {
                health.look(step);
            }
            if (saver.due(step)) {
                save();
            }
            if (epochEnds()) {
                evaluate();
            }
            return true;
        }

        /// Of the first batch, when the step that may have made its views has run.
        private void picture(Batch batch) throws IOException {
            var png = job.folder().views();
            FirstViews.write(batch, program.views(), source(), recipe(), png);
            listener.on(new TrainEvent.PictureSaved(step, "views", png));
        }

        private void report(StepBatch batch, double rate) {
            var told = batch.done(step, epoch(), program, rate, source());
            loss = told.loss();
            listener.on(told);
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
        private boolean evaluate() throws IOException, InterruptedException {
            health.tell();
            if (evaluator.isPresent()) {
                replicas.shareBuffers();
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

        private void save() throws IOException {
            health.tell();
            saver.save(step);
            savedAt = step;
        }
    }

    private boolean leads() {
        return ranks.rank() == 0;
    }

    private ImageSource source() {
        return data.train().source();
    }

    private Recipe recipe() {
        return job.recipe();
    }
}
