package dev.lejepa.tools.bench;

import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.collective.RankExchange;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.engine.MicroFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.run.RunEstimate;
import dev.lejepa.tools.run.StepPlan;
import dev.lejepa.trainer.train.StepInputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/// Times forward pass, backward pass and optimizer of the very program that training builds, in all processes that share
/// its images.
///
/// @param ranks the processes
/// @param device where to compute
/// @param options of the engine
/// @param steps that are timed, after a few that are not
public record StepBench(StepRecipe step, Ranks ranks, String device, EngineOptions options, int steps) {
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
    /// @param plan of the step
    /// @param loss of the last step, to show that it computes
    public record Result(
            double minMillis,
            double medianMillis,
            OptionalLong peakResident,
            boolean onHost,
            long peakDevice,
            StepPlan plan,
            double loss) {
        public RunEstimate estimate() {
            return plan.estimate();
        }
    }

    /// Builds the program in a folder of its own, which is removed at the end.
    public Result run() throws IOException {
        var recipe = step.recipe();
        try (var temporary = TemporaryFolder.create("lejepa-bench");
                var engine = OrtEngine.open(device, options)) {
            var folder = temporary.path();
            var plan = StepPlan.of(recipe, StepRecipe.CLASSES, engine, ranks.size());
            BundleWriter.write(plan.bundle(), folder);
            try (var program = Program.open(engine, folder)) {
                program.initialize();
                var millis = times(program, recipe.seed());
                Arrays.sort(millis);
                return new Result(
                        millis[0],
                        median(millis),
                        HostMemory.peakResident(),
                        engine.onHost(),
                        engine.takenBytes(),
                        plan,
                        program.metric(TrainGraph.LOSS));
            }
        }
    }

    private double[] times(Program program, long seed) {
        var millis = new double[steps];
        var exchange = new RankExchange(ranks, step.images());
        try (var batches = new RandomImages(program, exchange.share());
                var inputs = new StepInputs(program, seed, STEPS_PER_EPOCH)) {
            var warm = 0;
            for (var spent = 0.0; warm < WARM_UP_STEPS || spent < WARM_UP_SECONDS * 1e3; warm++) {
                spent += time(program, exchange, batches, inputs, warm);
            }
            for (var s = 0; s < steps; s++) {
                millis[s] = time(program, exchange, batches, inputs, warm + s);
            }
        }
        return millis;
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
