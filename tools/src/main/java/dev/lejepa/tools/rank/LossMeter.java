package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.nn.Declarations.Draw;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.LossFactory;
import dev.lejepa.graphs.programs.LossGraph;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.Workers;
import dev.lejepa.trainer.train.ViewGroups;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/// Computes the held-out loss of runs: projections by the graph that a run's bundle has for it, on views made as in
/// training, and the run's own loss of them. Order, views and slice directions are functions of the seed and the same
/// for all runs, so that differences between runs are not those of luck.
///
/// @param seed of order, views and slice directions
/// @param workers threads that make views
public record LossMeter(Engine engine, HeldOutImages images, long seed, int workers) {
    /// The loss of a run over all images.
    public HeldOutLoss measure(FinishedRun run) throws IOException, InterruptedException {
        var objective = objective(run);
        try (var projections = new Projections(engine, run)) {
            var built = LossGraph.build(objective, images.sample(), projections.views(), projections.width());
            var target = engine.target();
            var lowered = Lowering.lower(BundleBuilder.prepare(built.graph(), target), target, Map.of());
            try (var loss = engine.load("loss.onnx", lowered.proto().toByteArray())) {
                return mean(run, projections, loss, built.declarations().draws());
            }
        }
    }

    private LeJepaLoss objective(FinishedRun run) {
        var objective = LossFactory.loss(run.recipe());
        var least = objective.test().leastSamples();
        if (images.sample() < least) {
            throw new BadInputException(Text.format(
                    "%s: %s needs samples of at least %d images, and these are of %d",
                    run.name(), objective.test().name(), least, images.sample()));
        }
        return objective;
    }

    private HeldOutLoss mean(FinishedRun run, Projections projections, Model loss, List<Draw> draws)
            throws InterruptedException {
        var sums = new double[3];
        var groups = ViewGroups.training(run.recipe().views());
        var order = new EpochOrder(seed, images.store().source(), images.sample());
        var size = LoaderSize.of(Workers.fixed(workers), images.sample(), groups);
        try (var loader = new TrainLoader(images.store(), order, groups, 0, images.batches(), size)) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    add(sums, projections.of(batch), loss, draws, batch.number());
                }
            }
        }
        var b = images.batches();
        return new HeldOutLoss(sums[0] / b, sums[1] / b, sums[2] / b);
    }

    private void add(double[] sums, float[] rows, Model loss, List<Draw> draws, long batch) {
        try (var own = new InputTensors(engine)) {
            var shape = loss.input(EvaluateGraph.PROJECTIONS).shape().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            own.keep(EvaluateGraph.PROJECTIONS, engine.allocate(EvaluateGraph.PROJECTIONS, DType.FLOAT32, shape))
                    .setFloats(rows);
            for (var draw : draws) {
                var dims = draw.value().shape().dims();
                var tensor = own.keep(draw.name(), engine.allocate(draw.name(), DType.FLOAT32, dims));
                tensor.setFloats(directions(draw.name(), draw.distribution(), batch, tensor.size()));
            }
            try (var out = loss.run(own.tensors())) {
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
