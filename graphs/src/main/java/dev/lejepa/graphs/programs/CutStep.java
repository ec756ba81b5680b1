package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.Sink;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.passes.Accumulation;
import dev.lejepa.graphs.passes.SharedStatistics;
import dev.lejepa.graphs.passes.StageCut;
import dev.lejepa.graphs.programs.Manifest.Runs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A step that is cut at the embedding: the backbone for each micro-batch of each process, the objective once on the
/// embeddings of the whole batch, then the backbone's backward pass for each micro-batch with its rows of the gradient.
/// That is the same step, as long as the backbone treats images apart.
///
/// The backbone's forward and backward pass are parts of one graph. With one micro-batch the first is run once; with
/// more, `forward` gives the embeddings alone, and the pass that keeps what the backward pass reads comes later.
final class CutStep {
    static final String FORWARD = "forward";
    static final String OBJECTIVE = "objective";
    static final String ACTIVATIONS = "activations";
    static final String BACKWARD = "backward";

    /// Bytes of gradients that processes add up at a time: enough to use a link well, and small enough to begin long
    /// before the last gradient is there.
    private static final long BUCKET = 25_000_000;

    private final StepCompiler compiler;
    private final Parts parts;
    private final TrainGraph backbone;
    private final TrainGraph objective;

    /// @param images `N`
    CutStep(StepModel model, int images, List<ViewInput> views, Parts parts, StepCompiler compiler) {
        parts.requireFull(images);
        this.compiler = compiler;
        this.parts = parts;
        var layout = compiler.imageLayout();
        this.backbone = TrainGraph.backbone(
                model, parts.images(images), views, layout, TrainGraph.still(model, images, views, layout));
        this.objective = TrainGraph.objective(
                model, images, views.stream().mapToInt(v -> v.views().count()).sum());
        requireSharedOut(images);
    }

    /// What a last micro-batch is filled up with must not change what is made of the other images.
    private void requireSharedOut(int images) {
        var filled = parts.images(images) * parts.ranks() * parts.microBatches();
        var mixes = backbone.declarations().buffers().stream()
                .anyMatch(b -> !b.current().equals(b.value()));
        if (mixes && filled != images) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, which %s cannot share out evenly; the backbone's BatchNorm needs micro-batches of one size",
                    images, parts));
        }
    }

    Declared declared() {
        return Declared.of(backbone.declarations(), objective.declarations());
    }

    /// All stages but the optimizer, in order.
    List<StepStage> stages() {
        var said = backbone.declarations();
        var graph = compiler.train().syncBn()
                ? SharedStatistics.apply(compiler.unfused(backbone), parts.ranks())
                : compiler.unfused(backbone);
        if (parts.microBatches() > 1) {
            graph = accumulated(graph, said);
        }
        var backward = backwardParts(graph);
        var cut = cut(graph, backward);
        var stages = new ArrayList<StepStage>();
        var activations = perMicroBatch(
                ACTIVATIONS, "activations.onnx", cut.getFirst(), parts.microBatches() > 1 ? FORWARD : null);
        var once = StepStage.once(
                OBJECTIVE, "objective.onnx", compiler.fused(compiler.unfused(objective)), objective.declarations());
        if (parts.microBatches() > 1) {
            var forward = StageCut.only(graph, FORWARD, this::isForward);
            stages.addAll(List.of(perMicroBatch(FORWARD, "forward.onnx", forward, null), once, activations));
        } else {
            stages.addAll(List.of(activations, once));
        }
        for (var i = 1; i < cut.size(); i++) {
            var name = cut.get(i).name();
            stages.add(perMicroBatch(name, name + ".onnx", cut.get(i), null));
        }
        return stages;
    }

    private StepStage perMicroBatch(String name, String file, Graph graph, @Nullable String repeats) {
        return new StepStage(name, file, compiler.fused(graph), backbone.declarations(), Runs.MICRO_BATCH, repeats);
    }

    private static Graph accumulated(Graph graph, Declarations said) {
        var gradients = new HashSet<String>();
        for (var p : said.parameters()) {
            var state = StateNames.gradient(p.name());
            gradients.add(state);
            said.says(state, new Feed.State(state));
            said.becomes(StateNames.updated(state), new Sink.State(state, true));
        }
        return Accumulation.apply(graph, gradients::contains, StateNames::updated);
    }

    /// Whether an output of the backbone is of its forward pass: embeddings and buffers.
    private boolean isForward(String output) {
        return switch (backbone.declarations().sink(output)) {
            case Sink.Handed _ -> true;
            case Sink.State(var state, var _) ->
                backbone.declarations().buffers().stream()
                        .anyMatch(b -> b.name().equals(state));
            case Sink.Metric _ -> false;
        };
    }

    /// The graph's forward pass, and its backward pass in as many parts as there are buckets.
    private List<Graph> cut(Graph graph, Map<String, Integer> backward) {
        var count = 1 + backward.values().stream().mapToInt(i -> i).max().orElse(0);
        var names = new ArrayList<>(List.of(ACTIVATIONS));
        IntStream.rangeClosed(1, count).forEach(i -> names.add(count == 1 ? BACKWARD : BACKWARD + "." + i));
        var weights = new HashSet<String>();
        for (var p : backbone.declarations().parameters()) {
            weights.addAll(List.of(p.name(), StateNames.copy(p.name())));
        }
        var cut = StageCut.apply(
                graph, names, name -> isForward(name) ? 0 : 1 + backward.getOrDefault(name, 0), weights::contains);
        for (var part : cut) {
            part.inputs().keySet().stream()
                    .filter(name -> name.startsWith(StageCut.HANDED))
                    .forEach(name -> backbone.declarations().says(name, new Feed.Handed(false)));
            part.outputs().keySet().stream()
                    .filter(name -> name.startsWith(StageCut.HANDED))
                    .forEach(name -> backbone.declarations().becomes(name, new Sink.Handed(false)));
        }
        return cut;
    }

    /// The bucket of each gradient by the name of its output. Gradients come into buckets in the order in which the
    /// backward pass makes them.
    private Map<String, Integer> backwardParts(Graph graph) {
        var gradients = graph.outputs().sequencedEntrySet().stream()
                .filter(e -> !isForward(e.getKey()))
                .sorted(Comparator.comparingInt(e -> e.getValue().node().id()))
                .toList();
        var buckets = new HashMap<String, Integer>();
        var bucket = 0;
        var bytes = 0L;
        for (var g : gradients) {
            var type = g.getValue().type();
            var size = type.shape().size() * type.dtype().bytes();
            if (parts.ranks() > 1 && bytes > 0 && bytes + size > BUCKET) {
                bucket++;
                bytes = 0;
            }
            bytes += size;
            buckets.put(g.getKey(), bucket);
        }
        return buckets;
    }
}
