package dev.lejepa.trainer.train;

import dev.lejepa.trainer.eval.Health;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/// Something that happened in a training run. Steps and epochs count from 1; the others tell the
/// steps completed by then.
public sealed interface TrainEvent {

    /// Steps completed when this happened; for [StepDone] the step itself.
    long step();

    /// A run begins or goes on.
    ///
    /// @param run name of the run, as people know it
    /// @param step completed steps: 0, or those of the checkpoint that is resumed
    /// @param steps the step after which the run stops
    /// @param epochs epochs of the schedule
    /// @param stepsPerEpoch full batches in one pass over the training images
    /// @param batch images in a step
    /// @param parameters trainable numbers in the model
    /// @param device where it computes, for example `cpu`
    /// @param threads threads of the engine
    record Started(
            String run,
            long step,
            long steps,
            int epochs,
            long stepsPerEpoch,
            int batch,
            long parameters,
            String device,
            int threads)
            implements TrainEvent {}

    /// A step is done. The losses are those before its update.
    ///
    /// @param loss LeJEPA's loss, without the probe's
    /// @param invariance the prediction loss
    /// @param sigreg the regulariser's statistic
    /// @param probeLoss the online probe's cross-entropy, where there is a probe
    /// @param learningRate of the model's parameters
    /// @param imagesPerSecond images, not views
    /// @param dataWaitMillis how long the step waited for its batch
    /// @param files the images of the batch, to be named if something is wrong with it
    record StepDone(
            long step,
            int epoch,
            double loss,
            double invariance,
            double sigreg,
            OptionalDouble probeLoss,
            double learningRate,
            double imagesPerSecond,
            double dataWaitMillis,
            List<String> files)
            implements TrainEvent {}

    /// An epoch is done and evaluated, where there is something to evaluate on.
    ///
    /// @param valTop1 the online probe's accuracy on the held-out images, 0 to 1
    /// @param valProbeLoss its mean cross-entropy there
    record EpochDone(long step, int epoch, OptionalDouble valTop1, OptionalDouble valProbeLoss) implements TrainEvent {}

    /// The health of what the network puts out for some images of a step's batch; every so many steps.
    ///
    /// @param of what the rows are: `embedding` or `projection`
    record Measured(long step, String of, Health health) implements TrainEvent {}

    /// Something a person should look at.
    ///
    /// @param message in plain words, one line
    /// @param files images that it is about; may be empty
    record Warned(long step, Topic topic, String message, List<String> files) implements TrainEvent {}

    /// What a warning is about.
    enum Topic {
        /// A loss that is not a finite number.
        LOSS,
        /// Embeddings or projections that lose their spread.
        COLLAPSE,
        /// Columns that no longer vary.
        DEAD,
        /// Numbers that grow too large.
        SIZE,
        /// An online probe that gets worse.
        PROBE,
        /// A regulariser's statistic that is far off or stuck.
        STATISTIC,
        /// Images that could not be read.
        DATA,
        /// A setting that changed or does not fit.
        RECIPE
    }

    /// A picture for people was written.
    ///
    /// @param name what it shows, for example `views`
    /// @param png the file
    record PictureSaved(long step, String name, Path png) implements TrainEvent {}

    /// A checkpoint is complete on disk.
    record CheckpointSaved(long step, Path folder) implements TrainEvent {}

    /// The run is over.
    ///
    /// @param seconds since this process started or resumed it
    /// @param valTop1 the online probe's accuracy on the held-out images after the last step, where it was evaluated
    record Ended(long step, double seconds, Outcome outcome, OptionalDouble valTop1) implements TrainEvent {}

    /// How a run ended.
    enum Outcome {
        /// All steps done.
        DONE,
        /// Stopped by the person; can be resumed.
        INTERRUPTED,
        /// Stopped by an error.
        FAILED
    }
}
