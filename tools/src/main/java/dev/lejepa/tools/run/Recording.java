package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Exchange;
import dev.lejepa.runtime.engine.MicroFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.Workers;
import dev.lejepa.trainer.train.RunLength;
import dev.lejepa.trainer.train.StepInputs;
import dev.lejepa.trainer.train.StopRequest;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.ViewGroups;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/// Trains and writes down all that went in and came out of each step, so that another runtime can train the same bundle
/// with the same numbers and compare.
///
/// @param out folder of the trace, free
/// @param words where people read
/// @param stop true once the person asked to stop
public record Recording(Recipe recipe, Path out, int threads, PrintStream words, StopRequest stop) {
    /// How far it came.
    ///
    /// @param steps recorded
    /// @param planned steps of the recipe
    public record Result(long steps, long planned) {}

    /// Records until the recipe's end or until the person stops it.
    public Result run() throws IOException, InterruptedException {
        TraceFolder.requireFree(out);
        try (var data = TrainData.open(recipe, words::println)) {
            return run(data);
        }
    }

    private Result run(TrainData data) throws IOException, InterruptedException {
        var plan = StepPlan.of(recipe, data.classes(), Target.ORT);
        var bundle = plan.bundle();
        var length = RunLength.of(recipe, data.train().source().size());
        plan.notes().forEach(words::println);
        data.notes().forEach(note -> words.println("note: " + note));
        words.println(plan.estimate().describe(true));
        words.println("computing on " + DeviceWords.of("cpu", threads));
        words.println(Text.format("%d steps to record", length.steps()));
        try (var start = StartingPoint.of(recipe, bundle)) {
            start.note().ifPresent(words::println);
            BundleWriter.write(bundle, start.values(), TraceFolder.bundle(out));
        }
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(threads));
                var program = Program.open(engine, TraceFolder.bundle(out))) {
            program.initialize();
            return new Result(record(data, program, length), length.steps());
        }
    }

    private long record(TrainData data, Program program, RunLength length) throws IOException, InterruptedException {
        var batch = recipe.data().batch();
        var order = new EpochOrder(recipe.seed(), data.train().source(), batch);
        var groups = ViewGroups.fed(recipe.views());
        var workers = recipe.data().workers().orElse(LoaderSize.autoWorkers(threads));
        var size = LoaderSize.of(Workers.fixed(workers), batch, groups);
        try (var loader = new TrainLoader(data.train(), order, groups, 0, length.steps(), size);
                var inputs = new StepInputs(program, recipe.seed(), length.stepsPerEpoch());
                var trace = TraceFolder.create(out)) {
            var step = 0L;
            while (step < length.steps() && !stop.getAsBoolean() && loader.await(stop)) {
                stop.unsaved(true);
                try {
                    step(loader, inputs, program, trace, step);
                } finally {
                    stop.unsaved(false);
                }
                step++;
            }
            return step;
        }
    }

    private void step(TrainLoader loader, StepInputs inputs, Program program, TraceFolder trace, long step)
            throws IOException, InterruptedException {
        try (var batch = loader.next();
                var read = new TraceStep(program)) {
            inputs.feed(step, batch);
            MicroFeed feed = microBatch -> {
                inputs.feed(microBatch);
                read.add(microBatch);
            };
            program.step(feed, Exchange.alone(batch.size()), () -> {});
            read.write(trace.inputs(step + 1));
            trace.outputs(step + 1, program);
        }
        words.println(Text.format("step %d: loss %.6f", step + 1, program.metric(TrainGraph.LOSS)));
    }
}
