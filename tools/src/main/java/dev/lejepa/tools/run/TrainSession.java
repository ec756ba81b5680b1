package dev.lejepa.tools.run;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.trainer.report.MetricsFile;
import dev.lejepa.trainer.report.ProgressLine;
import dev.lejepa.trainer.report.SigregLevels;
import dev.lejepa.trainer.report.SteadyClock;
import dev.lejepa.trainer.report.TensorBoardFile;
import dev.lejepa.trainer.report.TroubleWatch;
import dev.lejepa.trainer.train.RunLock;
import dev.lejepa.trainer.train.RunProgress;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainJob;
import dev.lejepa.trainer.train.TrainListener;
import dev.lejepa.trainer.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// A training run from its recipe to its encoder: opens data, compiles the bundle, starts or resumes, and tells people
/// and files what happens.
public final class TrainSession {
    private final RunSettings settings;
    private final RunLock lock;
    private final Recipe recipe;

    private TrainSession(RunSettings settings, RunLock lock) {
        this.settings = settings;
        this.lock = lock;
        this.recipe = RunRecipe.absolute(settings.recipe());
    }

    /// Runs until the recipe's end or until the person stops it.
    ///
    /// @param lock of the run's folder
    public static Trainer.Result run(RunSettings settings, RunLock lock) throws IOException, InterruptedException {
        if (!settings.resume()) {
            settings.folder().requireFresh();
        }
        return new TrainSession(settings, lock).run();
    }

    /// The same in a folder that the caller found fresh and then put the run's images into.
    public static Trainer.Result runPrepared(RunSettings settings, RunLock lock)
            throws IOException, InterruptedException {
        return new TrainSession(settings, lock).run();
    }

    /// Everything that can be refused is, before the first file is written.
    private Trainer.Result run() throws IOException, InterruptedException {
        var resumed = settings.resume() ? Optional.of(ResumedRun.open(settings.folder(), recipe)) : noRun();
        try (var data = TrainData.open(recipe, settings.out()::println)) {
            return run(data, resumed);
        }
    }

    private Trainer.Result run(TrainData data, Optional<ResumedRun> resumed) throws IOException, InterruptedException {
        var surroundings = Surroundings.of(data, settings);
        var warnings = resumed.isPresent()
                ? surroundings.since(settings.folder(), resumed.get(), recipe, settings.acceptData())
                : List.<TrainEvent>of();
        try (var engine = OrtEngine.open(settings.device(), settings.options())) {
            var plan = StepPlan.of(recipe, data.classes(), engine);
            plan.notes().forEach(settings.out()::println);
            writeBundle(plan.bundle(), surroundings, resumed.isPresent());
            try (var program = Program.open(engine, settings.folder().bundle())) {
                var first = start(program, resumed);
                if (resumed.isPresent()) {
                    writeRecipe();
                    surroundings.write(settings.folder());
                }
                return train(data, plan.estimate(), program, first, resumed, warnings);
            }
        }
    }

    /// From here on the folder is a run.
    private void writeBundle(Bundle bundle, Surroundings surroundings, boolean resumed) throws IOException {
        var folder = settings.folder();
        try (var start =
                resumed ? StartingPoint.resumed(recipe, bundle, folder.bundle()) : StartingPoint.of(recipe, bundle)) {
            start.note().ifPresent(settings.out()::println);
            Files.createDirectories(folder.path());
            if (!resumed) {
                writeRecipe();
                surroundings.write(folder);
            }
            BundleWriter.write(bundle, start.values(), folder.bundle());
        }
    }

    private static Optional<ResumedRun> noRun() {
        return Optional.empty();
    }

    private void writeRecipe() throws IOException {
        AtomicFile.writeText(settings.folder().recipe(), RecipeWriter.yaml(recipe));
    }

    /// @return completed steps: those of the checkpoint, or 0
    private static long start(Program program, Optional<ResumedRun> resumed) throws IOException {
        var checkpoint = resumed.flatMap(ResumedRun::checkpoint);
        if (checkpoint.isEmpty()) {
            program.initialize();
            return 0;
        }
        checkpoint.get().restore(program.states());
        return checkpoint.get().step();
    }

    private Trainer.Result train(
            TrainData data,
            RunEstimate estimate,
            Program program,
            long first,
            Optional<ResumedRun> resumed,
            List<TrainEvent> warnings)
            throws IOException, InterruptedException {
        var clock = SteadyClock.start();
        var folder = settings.folder();
        try (var metrics = first == 0
                        ? MetricsFile.create(folder.metrics(), clock)
                        : MetricsFile.resume(folder.metrics(), first, clock);
                var tensorboard = resumed.isEmpty()
                        ? TensorBoardFile.create(folder.tensorboard(), clock)
                        : TensorBoardFile.resume(folder.tensorboard(), first, clock)) {
            var progress = new ProgressLine(settings.out(), settings.terminal(), clock);
            var sinks = TrainListener.all(List.of(metrics, tensorboard, progress));
            var listener = TrainListener.all(List.of(sinks, watch(data, sinks)));
            var digest = RecipeSettings.sha256(recipe);
            var job = new TrainJob(settings.name(), recipe, digest, folder, settings.workers());
            var trainer =
                    new Trainer(job, data, program, listener, settings.stop().after(lock::requireHeld));
            announce(data, estimate.describe(program.engine().onHost()), trainer.lastStep(), first);
            listener.on(started(data, estimate, trainer.lastStep(), first));
            resumed.ifPresent(r -> r.warnings().forEach(listener::on));
            warnings.forEach(listener::on);
            PrecisionAdvice.of(recipe.train().precision(), program.engine())
                    .map(advice -> new TrainEvent.Warned(first, TrainEvent.Topic.RECIPE, advice, List.of()))
                    .ifPresent(listener::on);
            return trainer.run(new RunProgress(first, metrics.epochTold()));
        }
    }

    /// Says what the run will take, and what a person may not expect of its data.
    private void announce(TrainData data, String step, long last, long first) {
        var out = settings.out();
        var images = data.train().source();
        var classes = images.isLabelled()
                ? Text.format(" in %d classes", images.classes().size())
                : ", unlabelled";
        var held = data.val()
                .map(v -> Text.format("; %d held out", v.source().size()))
                .orElse("");
        out.println(Text.format("%d images%s%s", images.size(), classes, held));
        data.notes().forEach(note -> out.println("note: " + note));
        out.println(step);
        out.println("computing on " + DeviceWords.of(settings.device(), settings.threads()));
        out.println(
                last > first
                        ? Text.format(
                                "%d steps of %d images",
                                last - first, recipe.data().batch())
                        : Text.format(
                                "all %d steps are done already; a higher train.epochs or train.steps goes on", last));
    }

    private TrainEvent.Started started(TrainData data, RunEstimate estimate, long last, long first) {
        return new TrainEvent.Started(
                settings.name(),
                first,
                last,
                recipe.train().epochs(),
                data.train().source().size() / recipe.data().batch(),
                recipe.data().batch(),
                estimate.parameters(),
                settings.device(),
                settings.threads());
    }

    private TroubleWatch watch(TrainData data, TrainListener sinks) {
        var stepsPerEpoch = data.train().source().size() / recipe.data().batch();
        var warmup = Math.round(recipe.optimizer().warmupEpochs() * stepsPerEpoch);
        return new TroubleWatch(TroubleWatch.Limits.afterWarmup(warmup), SigregLevels.of(recipe), sinks);
    }
}
