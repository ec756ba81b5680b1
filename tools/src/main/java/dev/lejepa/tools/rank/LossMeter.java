package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.HeldOutGraph;
import dev.lejepa.graphs.programs.ModelFactory;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.train.ViewGroups;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Computes the held-out loss of runs: the backbone and projector of the newest checkpoint, in evaluation mode and
/// float32, on views made as in training. Order, views and slice directions are functions of the seed and the same for
/// all runs, so that differences between runs are not those of luck.
///
/// @param seed of order, views and slice directions
/// @param workers threads that make views
public record LossMeter(Engine engine, HeldOutImages images, long seed, int workers) {
    /// The loss of a run over all images.
    public HeldOutLoss measure(FinishedRun run) throws IOException, InterruptedException {
        var recipe = run.recipe();
        var n = images.sample();
        var model = ModelFactory.model(recipe, 0);
        if (n < model.loss().test().leastSamples()) {
            throw new BadInputException(Text.format(
                    "%s: %s needs samples of at least %d images, and these are of %d",
                    run.name(), model.loss().test().name(), model.loss().test().leastSamples(), n));
        }
        var views = ModelFactory.views(recipe);
        var built = HeldOutGraph.build(model, n, views);
        var lowered = Lowering.lower(BundleBuilder.prepare(built.graph(), engine.target()), engine.target(), Map.of());
        try (var loaded = engine.load("held-out.onnx", lowered.proto().toByteArray());
                var states = new InputTensors(engine)) {
            states.load(run.checkpoint().model(), loaded, built.declarations());
            return mean(recipe, loaded, built, views, states.tensors());
        }
    }

    private HeldOutLoss mean(
            Recipe recipe,
            Model loaded,
            EvaluateGraph.Built built,
            List<ViewInput> views,
            Map<String, DeviceTensor> states)
            throws InterruptedException {
        var sums = new double[3];
        var groups = ViewGroups.training(recipe.views());
        var order = new EpochOrder(seed, images.store().folder().size(), images.sample());
        var size = LoaderSize.of(workers, images.sample(), groups);
        try (var loader = new TrainLoader(images.store(), order, groups, 0, images.batches(), size)) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    add(sums, loaded, built, views, states, batch);
                }
            }
        }
        var b = images.batches();
        return new HeldOutLoss(sums[0] / b, sums[1] / b, sums[2] / b);
    }

    private void add(
            double[] sums,
            Model loaded,
            EvaluateGraph.Built built,
            List<ViewInput> views,
            Map<String, DeviceTensor> states,
            Batch batch) {
        var feeds = new HashMap<>(states);
        try (var own = new InputTensors(engine)) {
            for (var group = 0; group < views.size(); group++) {
                var in = views.get(group);
                var rows = (long) images.sample() * in.views().count();
                var tensor = engine.wrap(in.label(), DType.UINT8, batch.views(group), rows, 3, in.height(), in.width());
                feeds.put(in.label(), own.keep(in.label(), tensor));
            }
            for (var draw : built.declarations().draws()) {
                var tensor = own.keep(
                        draw.name(),
                        engine.allocate(
                                draw.name(), DType.FLOAT32, draw.value().shape().dims()));
                tensor.setFloats(directions(draw.name(), draw.distribution(), batch.number(), tensor.size()));
                feeds.put(draw.name(), tensor);
            }
            try (var out = loaded.run(feeds)) {
                sums[0] += out.get(TrainGraph.LOSS).toFloats()[0];
                sums[1] += out.get(TrainGraph.INVARIANCE).toFloats()[0];
                sums[2] += out.get(TrainGraph.SIGREG).toFloats()[0];
            }
        }
    }

    /// In evaluation mode layers draw nothing: slice directions, which are normal, are all.
    private float[] directions(String name, Distribution distribution, long batch, long size) {
        if (!(distribution instanceof Distribution.Normal(var mean, var std))) {
            throw new IllegalStateException(Text.format("%s is drawn from %s, not a normal law", name, distribution));
        }
        var values = new float[Math.toIntExact(size)];
        Fill.normal(Key.of(seed, "held-out").fold(name).fold(batch), 0, MemorySegment.ofArray(values), mean, std);
        return values;
    }
}
