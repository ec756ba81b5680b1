package dev.lejepa.tools.bench;

import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.collective.RankPeers;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.engine.MicroFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.roofline.BundleRoofline;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.tools.roofline.Roofline;
import dev.lejepa.tools.run.MemoryBudget;
import dev.lejepa.tools.run.RunEstimate;
import dev.lejepa.tools.run.Speeds;
import dev.lejepa.tools.run.StepPlan;
import dev.lejepa.tools.scaling.Cluster;
import dev.lejepa.tools.scaling.Forecast;
import dev.lejepa.tools.scaling.Link;
import dev.lejepa.trainer.train.StepInputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Times forward pass, backward pass and optimizer of the very program that training builds, in all processes that share
/// its images.
///
/// @param ranks the processes
/// @param device where to compute
/// @param options of the engine
/// @param steps that are timed, after a few that are not
/// @param alone milliseconds of a step of one process on all cores of the machine, to tell what the model of several
///     processes makes of them
public record StepBench(
        StepRecipe step, Ranks ranks, String device, EngineOptions options, int steps, OptionalDouble alone) {
    /// The first steps also allocate memory.
    private static final int WARM_UP_STEPS = 2;

    /// Loops in Java become machine code while they run, in the first seconds of a process.
    private static final double WARM_UP_SECONDS = 4;

    /// The schedule's place does not matter; its length only has to be more than a few steps.
    private static final long STEPS_PER_EPOCH = 1000;

    /// @param minMillis of a step, the least
    /// @param medianMillis of a step
    /// @param peakResident bytes of this process at its peak, where the system tells
    /// @param onHost whether host cores computed
    /// @param peakDevice bytes of device memory beside the host's
    /// @param recorded bytes among these that recorded graphs allocate
    /// @param roofline of the device, if it is a known one
    /// @param plan of the step
    /// @param link between the processes, where there are several
    /// @param expectedMillis of a step by the model
    /// @param loss of the last step, to show that it computes
    public record Result(
            double minMillis,
            double medianMillis,
            OptionalLong peakResident,
            boolean onHost,
            long peakDevice,
            long recorded,
            StepPlan plan,
            Optional<Link> link,
            OptionalDouble expectedMillis,
            Optional<Roofline> roofline,
            double loss) {
        public RunEstimate estimate() {
            return plan.estimate();
        }
    }

    /// Builds the program in a folder of its own, which is removed at the end.
    public Result run() throws IOException, InterruptedException {
        var recipe = step.recipe();
        try (var temporary = TemporaryFolder.create("lejepa-bench");
                var engine = OrtEngine.open(device, options, new RankPeers(ranks))) {
            var folder = temporary.path();
            var budget = MemoryBudget.of(recipe, engine).least(ranks);
            var plan = StepPlan.of(recipe, StepRecipe.CLASSES, engine, ranks.size(), budget);
            BundleWriter.write(plan.bundle(), folder);
            var link = ranks.size() == 1 ? Optional.<Link>empty() : Optional.of(LinkBench.measure(ranks));
            var expected = expected(recipe, plan, link, engine);
            var exchange = ranks.exchange(engine, step.images());
            try (var program = Program.open(engine, folder)) {
                program.initialize();
                var millis = times(program, exchange, recipe.seed());
                Arrays.sort(millis);
                return new Result(
                        millis[0],
                        median(millis),
                        HostMemory.peakResident(),
                        engine.onHost(),
                        engine.takenBytes(),
                        engine.recordedBytes(),
                        plan,
                        link,
                        expected,
                        roofline(engine, plan.bundle()),
                        program.metric(TrainGraph.LOSS));
            }
        }
    }

    private static Optional<Roofline> roofline(Engine engine, Bundle bundle) throws IOException {
        var known = OrtEngine.deviceName(engine.device()).flatMap(Device::called);
        return known.isPresent() ? Optional.of(BundleRoofline.of(bundle, known.get())) : Optional.empty();
    }

    /// What the model makes of the step of one process, for processes that share this machine's cores.
    private OptionalDouble expected(Recipe recipe, StepPlan plan, Optional<Link> link, Engine engine)
            throws IOException {
        if (link.isEmpty() || alone.isEmpty() || !engine.onHost()) {
            return OptionalDouble.empty();
        }
        var whole = StepPlan.of(recipe, StepRecipe.CLASSES, engine);
        var faster = whole.seconds() / (alone.getAsDouble() / 1e3);
        var speed = Speeds.of(recipe.train().precision(), true).times(faster);
        var memory = HostMemory.available().orElse(Long.MAX_VALUE);
        var cluster = Cluster.host(speed, link.get(), ranks.size(), memory);
        return OptionalDouble.of(Forecast.of(plan, step.images(), cluster).step() * 1e3);
    }

    private double[] times(Program program, Exchange exchange, long seed) {
        var millis = new double[steps];
        try (var batches = new RandomImages(program, exchange.share());
                var inputs = new StepInputs(program, seed, STEPS_PER_EPOCH)) {
            var warm = 0;
            var began = System.nanoTime();
            while (warm < WARM_UP_STEPS || isCold(began)) {
                time(program, exchange, batches, inputs, warm++);
            }
            for (var s = 0; s < steps; s++) {
                millis[s] = time(program, exchange, batches, inputs, warm + s);
            }
        }
        return millis;
    }

    /// As the first process has it: all run the same steps.
    private boolean isCold(long began) {
        var cold = (System.nanoTime() - began) / 1e9 < WARM_UP_SECONDS;
        return ranks.gather(new byte[] {(byte) (cold ? 1 : 0)}).getFirst()[0] == 1;
    }

    /// One step.
    ///
    /// @return milliseconds
    private static double time(Program program, Exchange exchange, RandomImages batches, StepInputs inputs, int step) {
        var began = System.nanoTime();
        inputs.feed(step, batches.feed(step, StepRecipe.CLASSES));
        MicroFeed feed = microBatch -> {
            batches.feed(microBatch);
            inputs.feed(microBatch);
        };
        program.step(feed, exchange, () -> batches.ahead(step + 1));
        program.metric(TrainGraph.LOSS); // waits for the device
        return (System.nanoTime() - began) / 1e6;
    }

    private static double median(double[] sorted) {
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
