package dev.lejepa.tools.run;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.recipe.Dialect;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeChanges;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.runtime.checkpoint.Checkpoint;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.trainer.eval.SlicedEppsPulley;
import dev.lejepa.trainer.report.MetricsFile;
import dev.lejepa.trainer.report.ProgressLine;
import dev.lejepa.trainer.report.TensorBoardFile;
import dev.lejepa.trainer.report.TroubleWatch;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainJob;
import dev.lejepa.trainer.train.TrainListener;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// A training run from its recipe to its encoder: opens data, compiles the bundle, starts or resumes, and tells people
/// and files what happens.
public final class TrainSession {
    private final RunSettings settings;
    private final Recipe recipe;

    private TrainSession(RunSettings settings) {
        this.settings = settings;
        this.recipe = settings.recipe();
    }

    /// Runs until the recipe's end or until the person stops it.
    public static Trainer.Result run(RunSettings settings) throws IOException, InterruptedException {
        if (!settings.resume()) {
            settings.folder().requireFresh();
        }
        return new TrainSession(settings).run();
    }

    /// The same in a folder that the caller found fresh and then put the run's images into.
    public static Trainer.Result runPrepared(RunSettings settings) throws IOException, InterruptedException {
        return new TrainSession(settings).run();
    }

    private Trainer.Result run() throws IOException, InterruptedException {
        var folder = settings.folder();
        if (settings.resume()) {
            folder.requireRun();
            refuseOtherRecipe();
        }
        var data = TrainData.open(recipe);
        var bundle = BundleBuilder.build(recipe, RecipeWriter.json(recipe), data.classes());
        AtomicFile.writeText(folder.recipe(), RecipeWriter.yaml(recipe));
        BundleWriter.write(bundle, folder.bundle());
        var options = EngineOptions.of(settings.threads());
        try (var engine = OrtEngine.open(settings.device(), options);
                var program = Program.open(engine, folder.bundle())) {
            var first = restore(program);
            return train(data, bundle, program, first);
        }
    }

    private Trainer.Result train(TrainData data, Bundle bundle, Program program, long first)
            throws IOException, InterruptedException {
        var clock = InstantSource.system();
        var folder = settings.folder();
        try (var metrics = first == 0
                        ? MetricsFile.create(folder.metrics(), clock)
                        : MetricsFile.resume(folder.metrics(), first, clock);
                var tensorboard = first == 0
                        ? TensorBoardFile.create(folder.tensorboard(), clock)
                        : TensorBoardFile.resume(folder.tensorboard(), first, clock)) {
            var progress = new ProgressLine(settings.out(), settings.terminal(), clock);
            var sinks = TrainListener.all(List.of(metrics, tensorboard, progress));
            var listener = TrainListener.all(List.of(sinks, watch(data, sinks)));
            var digest = RecipeSettings.sha256(recipe);
            var job = new TrainJob(settings.name(), recipe, digest, folder, settings.workers());
            var trainer = new Trainer(job, data, program, listener, settings.stop());
            settings.out()
                    .println("%s, %d steps"
                            .formatted(RunEstimate.of(bundle).describe(), trainer.lastStep() - first));
            var images = data.train().folder().size();
            listener.on(new TrainEvent.Started(
                    settings.name(),
                    first,
                    trainer.lastStep(),
                    recipe.train().epochs(),
                    images / recipe.data().batch(),
                    recipe.data().batch(),
                    bundle.parameters(),
                    settings.device(),
                    settings.threads()));
            return trainer.run(first);
        }
    }

    private TroubleWatch watch(TrainData data, TrainListener sinks) {
        var stepsPerEpoch = data.train().folder().size() / recipe.data().batch();
        var warmup = Math.round(recipe.optimizer().warmupEpochs() * stepsPerEpoch);
        var rows = recipe.data().batch()
                * (recipe.loss().dialect() == Dialect.POOLED ? recipe.views().count() : 1);
        var test = new SlicedEppsPulley(recipe.loss().knots(), recipe.loss().tMax());
        return new TroubleWatch(
                TroubleWatch.Limits.afterWarmup(warmup), Optional.of(new TroubleWatch.Statistic(test, rows)), sinks);
    }

    private void refuseOtherRecipe() throws IOException {
        var before = RecipeFile.read(settings.folder().recipe(), List.of());
        var changes = RecipeChanges.between(before, recipe);
        changes.refuseOtherRun();
        changes.with(RecipeChanges.Effect.SCHEDULE).forEach(c -> settings.out()
                .println("warning: " + c + "; the schedules now span the new number of epochs"));
    }

    /// @return completed steps: those of the newest checkpoint, or 0
    private long restore(Program program) throws IOException {
        Optional<Checkpoint> newest =
                settings.resume() ? new Checkpoints(settings.folder().path()).newest() : Optional.empty();
        if (newest.isEmpty()) {
            program.initialize();
            if (settings.resume()) {
                settings.out().println("no checkpoint yet; the run starts over");
                Files.deleteIfExists(settings.folder().metrics());
            }
            return 0;
        }
        newest.get().restore(program.states());
        return newest.get().step();
    }
}
