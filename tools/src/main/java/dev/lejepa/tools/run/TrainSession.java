package dev.lejepa.tools.run;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.collective.RankPeers;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.config.RecipeWriter;
import dev.lejepa.trainer.ranks.SharedStates;
import dev.lejepa.trainer.ranks.Together;
import dev.lejepa.trainer.report.MetricsFile;
import dev.lejepa.trainer.report.ProgressLine;
import dev.lejepa.trainer.report.SteadyClock;
import dev.lejepa.trainer.report.TensorBoardFile;
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
/// and files what happens. Of several processes each does so; the first one alone has the run's folder.
public final class TrainSession {
    private static final byte[] NOTHING = {};

    private final RunSettings settings;
    private final Ranks ranks;
    private final Runnable held;
    private final TrainListener other;
    private final Recipe recipe;

    private TrainSession(RunSettings settings, Ranks ranks, Runnable held, TrainListener other) {
        this.settings = settings;
        this.ranks = ranks;
        this.held = held;
        this.other = other;
        this.recipe = RunRecipe.absolute(settings.recipe());
    }

    /// Runs until the recipe's end or until the person stops it.
    ///
    /// @param lock of the run's folder
    public static Trainer.Result run(RunSettings settings, RunLock lock) throws IOException, InterruptedException {
        if (!settings.resume()) {
            settings.folder().requireFresh();
        }
        return runPrepared(settings, lock);
    }

    /// The same for each of several processes that train one run together.
    ///
    /// @param settings the folder's is that of the process's place
    /// @param place of this process
    /// @param other is told what happens too, in the first process
    /// @throws dev.lejepa.trainer.ranks.SharedFaultException in all processes if one cannot begin
    public static Trainer.Result run(RunSettings settings, RunPlace place, Ranks ranks, TrainListener other)
            throws IOException, InterruptedException {
        var session = new TrainSession(settings, ranks, place::requireHeld, other);
        Together.all(ranks, () -> {
            Share.requireOneEach(session.recipe.data().batch(), ranks.size());
            if (session.leads() && !settings.resume()) {
                settings.folder().requireFresh();
            }
            return settings;
        });
        return session.run();
    }

    /// The same as the first in a folder that the caller found fresh and then put the run's images into.
    public static Trainer.Result runPrepared(RunSettings settings, RunLock lock)
            throws IOException, InterruptedException {
        return new TrainSession(settings, Ranks.alone(), lock::requireHeld, _ -> {}).run();
    }

    private boolean leads() {
        return ranks.rank() == 0;
    }

    /// Everything that can be refused is, before the first file is written.
    private Trainer.Result run() throws IOException, InterruptedException {
        var resumed = Together.all(
                ranks,
                () -> settings.resume() && leads() ? Optional.of(ResumedRun.open(settings.folder(), recipe)) : noRun());
        try (var data = Together.opened(ranks, () -> TrainData.open(recipe, settings.out()::println))) {
            return run(data, resumed);
        }
    }

    private Trainer.Result run(TrainData data, Optional<ResumedRun> resumed) throws IOException, InterruptedException {
        try (var engine = Together.opened(
                ranks, () -> OrtEngine.open(settings.device(), settings.options(), new RankPeers(ranks)))) {
            var budget =
                    Together.all(ranks, () -> MemoryBudget.of(recipe, engine)).least(ranks);
            var plan = Together.all(ranks, () -> StepPlan.of(recipe, data.classes(), engine, ranks.size(), budget));
            var surroundings = Surroundings.of(data, settings, plan.parts());
            RankFacts.requireAlike(ranks, RankFacts.of(recipe, surroundings, plan, budget.onHost()));
            var warnings = Together.all(
                    ranks,
                    () -> resumed.isPresent()
                            ? surroundings.since(settings.folder(), resumed.get(), recipe, settings.acceptData())
                            : List.<TrainEvent>of());
            plan.notes().forEach(settings.out()::println);
            var faults = new DeviceAdvice(recipe, data.classes(), engine, plan, settings.folder(), leads());
            var program = Together.opened(ranks, () -> {
                writeBundle(plan.bundle(), surroundings, resumed.isPresent());
                return faults.advised(
                        () -> Program.open(engine, settings.folder().bundle()));
            });
            return faults.advised(() -> run(data, plan, program, surroundings, resumed, warnings));
        }
    }

    private Trainer.Result run(
            TrainData data,
            StepPlan plan,
            Program program,
            Surroundings surroundings,
            Optional<ResumedRun> resumed,
            List<TrainEvent> warnings)
            throws IOException, InterruptedException {
        try (program) {
            var first = Together.all(ranks, () -> start(program, resumed));
            new SharedStates(ranks, program.states()).takeAll();
            if (resumed.isPresent()) {
                writeRecipe();
                surroundings.write(settings.folder());
            }
            return leads() ? lead(data, plan, program, first, resumed, warnings) : follow(data, plan, program);
        }
    }

    /// From here on the folder is a run.
    private void writeBundle(Bundle bundle, Surroundings surroundings, boolean resumed) throws IOException {
        var folder = settings.folder();
        try (var start = start(bundle, resumed)) {
            start.note().ifPresent(settings.out()::println);
            Files.createDirectories(folder.path());
            if (!resumed && leads()) {
                writeRecipe();
                surroundings.write(folder);
            }
            BundleWriter.write(bundle, start.values(), folder.bundle());
        }
    }

    /// What other processes start from comes from the first one.
    private StartingPoint start(Bundle bundle, boolean resumed) throws IOException {
        if (!leads()) {
            return StartingPoint.given();
        }
        return resumed
                ? StartingPoint.resumed(recipe, bundle, settings.folder().bundle())
                : StartingPoint.of(recipe, bundle);
    }

    private static Optional<ResumedRun> noRun() {
        return Optional.empty();
    }

    private void writeRecipe() throws IOException {
        AtomicFile.writeText(settings.folder().recipe(), RecipeWriter.yaml(recipe));
    }

    /// Sets the states of the first process.
    ///
    /// @return completed steps: those of the checkpoint, or 0
    private long start(Program program, Optional<ResumedRun> resumed) throws IOException {
        if (!leads()) {
            return 0;
        }
        var checkpoint = resumed.flatMap(ResumedRun::checkpoint);
        if (checkpoint.isEmpty()) {
            program.initialize();
            return 0;
        }
        checkpoint.get().restore(program.states());
        return checkpoint.get().step();
    }

    private Trainer.Result follow(TrainData data, StepPlan plan, Program program)
            throws IOException, InterruptedException {
        var trainer = trainer(data, plan, program, _ -> {});
        var progress = RunProgress.decode(Together.gather(ranks, () -> NOTHING).getFirst());
        return trainer.run(progress);
    }

    private Trainer trainer(TrainData data, StepPlan plan, Program program, TrainListener listener) {
        var digest = RecipeSettings.sha256(recipe);
        var job = new TrainJob(settings.name(), recipe, digest, settings.folder(), settings.workers());
        var batch = recipe.data().batch();
        var exchange = ranks.exchange(program.engine(), batch);
        return new Trainer(
                job, data, program, ranks, exchange, listener, settings.stop().after(held));
    }

    private Trainer.Result lead(
            TrainData data,
            StepPlan plan,
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
            var opening = new RunOpening(settings, recipe, ranks);
            var listener = TrainListener.all(List.of(sinks, opening.watch(data, sinks), other));
            var trainer = trainer(data, plan, program, listener);
            var estimate = plan.estimate();
            opening.announce(data, estimate.describe(program.engine().onHost()), trainer.lastStep(), first);
            listener.on(opening.started(data, estimate, trainer.lastStep(), first));
            resumed.ifPresent(r -> r.warnings().forEach(listener::on));
            warnings.forEach(listener::on);
            PrecisionAdvice.of(recipe.train().precision(), program.engine())
                    .map(advice -> new TrainEvent.Warned(first, TrainEvent.Topic.RECIPE, advice, List.of()))
                    .ifPresent(listener::on);
            var from = new RunProgress(first, metrics.epochTold());
            Together.gather(ranks, from::encode);
            return trainer.run(from);
        }
    }
}
