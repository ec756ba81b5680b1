package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.Batch;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/// Projections of views by the newest checkpoint of a run, in evaluation mode and float32. In that mode images do not
/// influence each other, so a sample of any size is computed in pieces that fit memory.
final class Projections implements AutoCloseable {
    /// Images of a piece.
    private static final int AT_ONCE = 32;

    private final Engine engine;
    private final List<StageInput.Views> views;
    private final int width;
    private final Model graph;
    private final InputTensors states;

    /// Loads a run's graph and the parameters and buffers that it reads.
    Projections(Engine engine, FinishedRun run) throws IOException {
        this.engine = engine;
        var stage = run.heldOut();
        this.views = stage.inputs().stream()
                .filter(StageInput.Views.class::isInstance)
                .map(StageInput.Views.class::cast)
                .toList();
        this.graph = engine.load(run.bundle().file(stage.graph()));
        this.width =
                Math.toIntExact(graph.output(EvaluateGraph.PROJECTIONS).shape().getLast());
        this.states = new InputTensors(engine);
        try {
            states.load(run.checkpoint().model(), graph, stage);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Views of an image, `V`.
    int views() {
        return views.stream().mapToInt(Projections::count).sum();
    }

    /// Numbers of a projection, `K`.
    int width() {
        return width;
    }

    /// @return `[N V, K]`, row `n*V+v`
    float[] of(Batch batch) {
        var row = views() * width;
        var all = new float[batch.size() * row];
        for (var first = 0; first < batch.size(); first += AT_ONCE) {
            var piece = piece(batch, first, Math.min(AT_ONCE, batch.size() - first));
            System.arraycopy(piece, 0, all, first * row, piece.length);
        }
        return all;
    }

    private float[] piece(Batch batch, int first, int images) {
        var feeds = new HashMap<>(states.tensors());
        try (var own = new InputTensors(engine)) {
            for (var in : views) {
                var dims = in.shape().stream().mapToLong(Long::longValue).toArray();
                dims[0] = (long) images * count(in);
                var image = Arrays.stream(dims).reduce(1, Math::multiplyExact) / images;
                var bytes = batch.views(in.name()).asSlice(first * image, images * image);
                feeds.put(in.name(), own.keep(in.name(), engine.wrap(in.name(), DType.UINT8, bytes, dims)));
            }
            try (var out = graph.run(feeds)) {
                return out.get(EvaluateGraph.PROJECTIONS).toFloats();
            }
        }
    }

    /// The views of an image that an input holds.
    private static int count(StageInput.Views input) {
        if (input.views() == null) {
            throw new BadInputException(
                    Text.format("the bundle's held_out does not say which views its input '%s' holds", input.name()));
        }
        return input.views().size();
    }

    @Override
    public void close() {
        states.close();
        graph.close();
    }
}
