package dev.lejepa.trainer.train;

import dev.lejepa.graphs.recipe.TrainSpec;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Keeps what a run has learned: its checkpoints, and the encoder at its end. Of several processes all save, and the
/// first one writes.
final class RunSaver {
    private final TrainJob job;
    private final Program program;
    private final Ranks ranks;
    private final Replicas replicas;
    private final TrainListener listener;
    private final StopRequest stop;
    private final Checkpoints checkpoints;
    private final long stepsPerEpoch;

    RunSaver(
            TrainJob job,
            Program program,
            Ranks ranks,
            Replicas replicas,
            TrainListener listener,
            StopRequest stop,
            long stepsPerEpoch) {
        this.job = job;
        this.program = program;
        this.ranks = ranks;
        this.replicas = replicas;
        this.listener = listener;
        this.stop = stop;
        this.checkpoints = new Checkpoints(job.folder().path());
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /// Whether the recipe wants a checkpoint after a step.
    boolean due(long step) {
        var train = train();
        var every = train.checkpointEverySteps();
        var bySteps = every.isPresent() && step % every.getAsInt() == 0;
        var epochs = train.checkpointEveryEpochs();
        var byEpochs = epochs.isPresent() && step % stepsPerEpoch == 0 && step / stepsPerEpoch % epochs.getAsInt() == 0;
        return bySteps || byEpochs;
    }

    /// Saves a checkpoint.
    ///
    /// @throws NonFiniteLossException if parameters are no numbers; the newest checkpoint stays as it was
    void save(long step) throws IOException {
        replicas.agree(step);
        listener.persist();
        var folder = leads()
                ? Optional.of(checkpoints.save(program.states(), step, job.recipeDigest(), train().keep()))
                : Optional.<Path>empty();
        ranks.barrier(); // before it, none that was asked to end may
        stop.unsaved(false);
        folder.ifPresent(saved -> listener.on(new TrainEvent.CheckpointSaved(step, saved)));
    }

    /// Writes the trained encoder.
    void writeEncoder() throws IOException {
        if (leads()) {
            try (var states = new HostStates(program.states())) {
                program.bundle().encoder().write(states::segment, job.folder().encoder());
            }
        }
    }

    private boolean leads() {
        return ranks.rank() == 0;
    }

    private TrainSpec train() {
        return job.recipe().train();
    }
}
