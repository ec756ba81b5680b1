package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.CrossEntropy;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.eval.LinearProbe.Head;
import dev.lejepa.trainer.schedule.WarmupCosine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Linear heads side by side, each trained with AdamW at a rate and decay of its own: one product of the features with
/// all weights `[columns, heads * classes]`, one softmax over `[rows * heads, classes]`. They start at zero, and share
/// nothing but the passes over the features. The graphs are the compiler's, run by the engine.
final class ProbeHeads implements AutoCloseable {
    private static final String X = "x";
    private static final String LABELS = "labels";
    private static final String LOGITS = "logits";
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double ADAM_EPSILON = 1e-8;
    private static final double WARMUP_START = 0.01;

    private final Engine engine;
    private final EngineTensors tensors;
    private final List<Head> heads;
    private final int columns;
    private final int classes;

    ProbeHeads(Engine engine, int columns, int classes, List<Head> heads) {
        this.engine = engine;
        this.tensors = new EngineTensors(engine);
        this.heads = heads;
        this.columns = columns;
        this.classes = classes;
        IntStream.range(0, heads.size()).forEach(h -> parameters(h).forEach(tensors::make));
    }

    private static String weight(int head) {
        return "weight." + head;
    }

    private static String bias(int head) {
        return "bias." + head;
    }

    private LinkedHashMap<String, Type> parameters(int head) {
        var types = new LinkedHashMap<String, Type>();
        types.put(weight(head), Type.f32(columns, classes));
        types.put(bias(head), Type.f32(classes));
        return types;
    }

    private List<Value> weights(Graph g) {
        return IntStream.range(0, heads.size())
                .mapToObj(h -> g.input(weight(h), Type.f32(columns, classes)))
                .toList();
    }

    /// `[rows, heads * classes]`, a head's classes side by side.
    private Value logits(Graph g, Value x, List<Value> weights) {
        var biases = IntStream.range(0, heads.size())
                .mapToObj(h -> g.input(bias(h), Type.f32(classes)))
                .toList();
        return x.gemm(Value.concat(1, weights), false, false, Value.concat(0, biases));
    }

    /// The gradients of the sum of the heads' mean losses and penalties.
    ///
    /// @param trained rows that the penalties are spread over
    private Graph gradients(int batch, int trained) {
        var g = new Graph("probe");
        var rows = batch * heads.size();
        var weights = weights(g);
        var z = logits(g, g.input(X, Type.f32(batch, columns)), weights).reshape(rows, classes);
        var loss = CrossEntropy.loss(z, g.input(LABELS, Type.i64(rows))).mul(heads.size());
        for (var h = 0; h < heads.size(); h++) {
            if (heads.get(h).penalty() > 0) {
                var squares = weights.get(h).square().sum(false, 0, 1);
                loss = loss.add(squares.mul(heads.get(h).penalty() / (2.0 * trained)));
            }
        }
        var wanted = g.inputs().entrySet().stream()
                .filter(e -> !e.getKey().equals(X) && !e.getKey().equals(LABELS))
                .toList();
        var found = Autodiff.gradients(
                loss, wanted.stream().map(Map.Entry::getValue).toList());
        for (var i = 0; i < wanted.size(); i++) {
            g.output(StateNames.gradient(wanted.get(i).getKey()), found.get(i));
        }
        return g;
    }

    private List<ParameterGroup> groups() {
        var groups = new ArrayList<ParameterGroup>();
        for (var h = 0; h < heads.size(); h++) {
            groups.add(new ParameterGroup(
                    "head." + h, parameters(h), heads.get(h).weightDecay(), BETA1, BETA2, ADAM_EPSILON));
        }
        return groups;
    }

    /// Trains on rows that come in shuffled passes, one after the other, cut into batches.
    ///
    /// @param rows of `x` to train on
    /// @param batch rows of a step, at most as many as there are
    /// @param warmup steps of linear warm-up; after them rates fall to 0 along a cosine
    void train(Features x, int[] labels, int[] rows, int batch, int steps, int warmup, long seed) {
        var passes = new ShuffledPasses(rows, new SplittableRandom(seed));
        var rates = heads.stream()
                .map(h -> new WarmupCosine(h.learningRate(), warmup, steps, WARMUP_START, 0))
                .toList();
        var groups = groups();
        try (var gradients = new EngineGraph(gradients(batch, rows.length), tensors);
                var update = new EngineGraph(AdamWGraph.build(groups).graph(), tensors, ProbeHeads::home)) {
            var repeated = new long[batch * heads.size()];
            for (var step = 0; step < steps; step++) {
                var chosen = passes.next(batch);
                tensors.putRows(X, x, chosen, 0, batch);
                for (var i = 0; i < repeated.length; i++) {
                    repeated[i] = labels[chosen[i / heads.size()]];
                }
                tensors.of(LABELS).setLongs(repeated);
                for (var h = 0; h < heads.size(); h++) {
                    tensors.of(groups.get(h).rateInput())
                            .setFloats((float) rates.get(h).at(step));
                }
                gradients.run();
                update.run();
            }
        }
    }

    /// An updated state is written where the state is.
    private static String home(String output) {
        return output.substring(StateNames.updated("").length());
    }

    /// Sets the only head.
    void set(float[] weights, float[] biases) {
        tensors.of(weight(0)).setFloats(weights);
        tensors.of(bias(0)).setFloats(biases);
    }

    /// Takes the logits of a block of rows.
    @FunctionalInterface
    interface Sink {
        /// @param from first row of the block
        /// @param logits `[at least count, heads * classes]`
        void accept(int from, int count, float[] logits);
    }

    /// Hands over the logits of chosen rows, block by block.
    void score(Features x, int[] rows, Sink sink) {
        var block = Blocks.of(rows.length);
        var g = new Graph("probe logits");
        g.output(LOGITS, logits(g, g.input("scored", Type.f32(block.size(), columns)), weights(g)));
        var logits = new float[block.size() * heads.size() * classes];
        try (var graph = new EngineGraph(g, tensors)) {
            block.each((from, count) -> {
                tensors.putRows("scored", x, rows, from, count);
                graph.run();
                tensors.of(LOGITS).copyTo(MemorySegment.ofArray(logits));
                sink.accept(from, count, logits);
            });
        } finally {
            tensors.drop("scored", LOGITS);
        }
    }

    /// One head as a classifier of its own.
    LinearClassifier classifier(int head, ProbeSpace space) {
        return new LinearClassifier(
                engine,
                space,
                tensors.of(weight(head)).toFloats(),
                tensors.of(bias(head)).toFloats());
    }

    @Override
    public void close() {
        tensors.close();
    }
}
