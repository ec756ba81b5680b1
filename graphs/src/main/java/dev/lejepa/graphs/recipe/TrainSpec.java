package dev.lejepa.graphs.recipe;

import java.util.OptionalInt;

/// How long a run is and how it is kept.
///
/// @param epochs that the schedules span
/// @param steps after which the run stops, whatever the epochs say
/// @param checkpointEveryEpochs empty: not by epochs
/// @param checkpointEverySteps empty: not by steps
/// @param keep newest checkpoints that stay on disk
/// @param syncBn whether a backbone's BatchNorm normalizes by the images of all processes, instead of a process's own
/// @param memory that a step may take, and at what price
public record TrainSpec(
        int epochs,
        OptionalInt steps,
        Precision precision,
        Target target,
        OptionalInt checkpointEveryEpochs,
        OptionalInt checkpointEverySteps,
        int keep,
        boolean syncBn,
        MemorySpec memory) {

    public static TrainSpec defaults() {
        return new TrainSpec(
                100,
                OptionalInt.empty(),
                Precision.FP32,
                Target.ORT,
                OptionalInt.of(1),
                OptionalInt.empty(),
                2,
                false,
                MemorySpec.defaults());
    }

    /// The same in another number format.
    public TrainSpec withPrecision(Precision other) {
        return new TrainSpec(
                epochs, steps, other, target, checkpointEveryEpochs, checkpointEverySteps, keep, syncBn, memory);
    }

    /// The same for another target.
    public TrainSpec withTarget(Target target) {
        return new TrainSpec(
                epochs, steps, precision, target, checkpointEveryEpochs, checkpointEverySteps, keep, syncBn, memory);
    }

    /// The same with BatchNorm by the images of all processes, or by a process's own.
    public TrainSpec withSyncBn(boolean on) {
        return new TrainSpec(
                epochs, steps, precision, target, checkpointEveryEpochs, checkpointEverySteps, keep, on, memory);
    }

    /// The same within other memory.
    public TrainSpec withMemory(MemorySpec other) {
        return new TrainSpec(
                epochs, steps, precision, target, checkpointEveryEpochs, checkpointEverySteps, keep, syncBn, other);
    }
}
