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
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageRange;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.Workers;
import dev.lejepa.trainer.ranks.Together;
import dev.lejepa.trainer.train.ViewGroups;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/// Computes the held-out loss of runs: projections by the graph that a run's bundle has for it, on views made as in
/// training, and the run's own loss of them. Order, views and slice directions are functions of the seed and the same
/// for all runs, so that differences between runs are not those of luck.
///
/// @param seed of order, views and slice directions
/// @param workers threads that make views
/// @param ranks processes that share the batches; all of them know the losses
public record LossMeter(Engine engine, HeldOutImages images, long seed, int workers, Ranks ranks) {
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
            throws IOException, InterruptedException {
        var share = ImageRange.of(images.batches(), ranks.rank(), ranks.size());
        var own = ByteBuffer.allocate(share.images() * 3 * Double.BYTES);
        var all = Together.gather(ranks, () -> {
            measure(run, share, projections, loss, draws, own);
            return own.array();
        });
        // in the order of the batches, whoever computed them
        var sums = new double[3];
        for (var part : all) {
            var numbers = ByteBuffer.wrap(part).asDoubleBuffer();
            for (var i = 0; numbers.hasRemaining(); i++) {
                sums[i % 3] += numbers.get();
            }
        }
        var b = images.batches();
        return new HeldOutLoss(sums[0] / b, sums[1] / b, sums[2] / b);
    }

    private void measure(
            FinishedRun run, ImageRange share, Projections projections, Model loss, List<Draw> draws, ByteBuffer losses)
            throws InterruptedException {
        var groups = ViewGroups.training(run.recipe().views());
        var order = new EpochOrder(seed, images.store().source(), images.sample());
        var size = LoaderSize.of(Workers.fixed(workers), images.sample(), groups);
        var end = share.first() + share.images();
        try (var loader = new TrainLoader(images.store(), order, groups, share.first(), end, size)) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    add(losses, projections.of(batch), loss, draws, batch.number());
                }
            }
        }
    }

    private void add(ByteBuffer losses, float[] rows, Model loss, List<Draw> draws, long batch) {
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
                losses.putDouble(out.get(TrainGraph.LOSS).toFloats()[0]);
                losses.putDouble(out.get(TrainGraph.INVARIANCE).toFloats()[0]);
                losses.putDouble(out.get(TrainGraph.SIGREG).toFloats()[0]);
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
