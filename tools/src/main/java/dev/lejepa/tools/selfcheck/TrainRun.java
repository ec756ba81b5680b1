package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.ViewInput;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import dev.lejepa.trainer.schedule.WarmupCosine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A short training run whose states live here between the steps.
final class TrainRun {
    private static final String MODEL = "model";
    private static final String PROBE = "probe";
    private static final Map<String, String> LOSSES = Map.of(
            "losses/sigreg", TrainGraph.SIGREG,
            "losses/inv", TrainGraph.INVARIANCE,
            "losses/lejepa", TrainGraph.LOSS,
            "losses/probe", TrainGraph.PROBE_LOSS);

    private final GoldenCase golden;
    private final Executor executor;
    private final Comparison results;
    private final TrainGraph train;
    private final ViewInput input;
    private final int steps;
    private final NdArray views;
    private final NdArray labels;
    private final NdArray directions;
    private final Map<String, NdArray> state = new HashMap<>();
    private final Map<String, double[]> losses = new LinkedHashMap<>();

    TrainRun(GoldenCase golden, Executor executor, Comparison results, TrainGraph train, ViewInput input) {
        this.golden = golden;
        this.executor = executor;
        this.results = results;
        this.train = train;
        this.input = input;
        this.views = golden.array("views");
        this.labels = golden.array("labels");
        this.directions = golden.array("A_raw");
        this.steps = views.dim(0);
    }

    void run(List<WarmupCosine> rates, Graph evaluate) {
        start();
        results.expect("lr", TrainCases.table(rates, steps));
        if (results.precision() == Precision.FLOAT) {
            results.ignore(this::drifts);
        }
        try (var gradients = executor.load(train.graph());
                var optimizer = executor.load(AdamWGraph.build(groups()).graph())) {
            for (var k = 0; k < steps; k++) {
                var outputs = gradients.run(feeds(k));
                record(k, outputs);
                update(outputs);
                state.put("lr." + MODEL, NdArray.scalar(rates.get(0).at(k)));
                state.put("lr." + PROBE, NdArray.scalar(rates.get(1).at(k)));
                update(optimizer.run(state));
                if (k == 0) {
                    compareStates("param_after_step1/");
                }
            }
        }
        losses.forEach((name, values) -> results.expect(name, NdArray.of(Shape.of(steps), values)));
        compareStates("param_final/");
        compareStates("buffer_final/");
        evaluate(evaluate);
    }

    private void start() {
        var declared = train.declarations();
        for (var p : declared.parameters()) {
            state.put(p.name(), golden.array("param0/" + theirs(p.name())));
            state.put(StateNames.moment1(p.name()), NdArray.zeros(p.value().shape()));
            state.put(StateNames.moment2(p.name()), NdArray.zeros(p.value().shape()));
        }
        declared.buffers().forEach(b -> state.put(b.name(), CaseGraph.start(b)));
        state.put(StateNames.STEP, NdArray.zeros(Shape.of(1)));
    }

    private List<ParameterGroup> groups() {
        var params = golden.params();
        return List.of(group(MODEL, params.number("wd")), group(PROBE, params.number("wdp")));
    }

    private ParameterGroup group(String name, double decay) {
        var members = new LinkedHashMap<String, Type>();
        train.declarations().parameters().stream()
                .filter(p -> p.name().startsWith(PROBE + ".") == name.equals(PROBE))
                .forEach(p -> members.put(p.name(), p.value().type()));
        var betas = golden.params().numbers("betas");
        return new ParameterGroup(
                name,
                members,
                decay,
                betas.get(0),
                betas.get(1),
                golden.params().number("eps"));
    }

    private Map<String, NdArray> feeds(int k) {
        var feeds = new HashMap<>(state);
        var v = Rows.row(views, k); // [N, V, 3, H, W]
        feeds.put(input.label(), Rows.reshape(v, (long) v.dim(0) * v.dim(1), v.dim(2), v.dim(3), v.dim(4)));
        feeds.put(TrainGraph.LABELS, Rows.row(labels, k));
        for (Declarations.Draw draw : train.declarations().draws()) {
            if (!draw.name().endsWith(TrainGraph.DIRECTIONS)) {
                throw new IllegalStateException(Text.format("nothing says what to feed '%s' with", draw.name()));
            }
            feeds.put(draw.name(), Rows.row(directions, k));
        }
        return feeds;
    }

    /// Takes over every state that a graph computed anew, and the gradients.
    private void update(Map<String, NdArray> outputs) {
        outputs.forEach((name, value) -> {
            if (name.startsWith(StateNames.updated(""))) {
                state.put(name.substring(StateNames.updated("").length()), value);
            } else if (name.startsWith(StateNames.gradient(""))) {
                state.put(name, value);
            }
        });
    }

    private void record(int k, Map<String, NdArray> outputs) {
        LOSSES.forEach((theirs, ours) -> {
            if (golden.has(theirs)) {
                losses.computeIfAbsent(theirs, _ -> new double[steps])[k] =
                        output(outputs, ours).item();
            }
        });
        if (k > 0) {
            return;
        }
        var first = new LinkedHashMap<String, NdArray>();
        first.put("emb_step0", output(outputs, TrainGraph.EMBEDDINGS));
        first.put("proj_step0", Rows.viewMajor(output(outputs, TrainGraph.PROJECTIONS), views.dim(2)));
        for (var p : train.declarations().parameters()) {
            first.put("grad_step0/" + theirs(p.name()), output(outputs, StateNames.gradient(p.name())));
        }
        results.expectAll(first);
    }

    private static NdArray output(Map<String, NdArray> outputs, String name) {
        var array = outputs.get(name);
        if (array == null) {
            throw new IllegalStateException(Text.format("the graph has no output '%s'", name));
        }
        return array;
    }

    private void compareStates(String prefix) {
        var named = new LinkedHashMap<String, NdArray>();
        state.forEach((name, value) -> named.put(prefix + theirs(name), value));
        // Buffers are named without the network around them.
        state.forEach((name, value) -> named.put(prefix + name.replaceFirst("^projector\\.", "proj."), value));
        results.expectAll(named);
    }

    /// The reference's name of a parameter.
    private static String theirs(String name) {
        if (name.startsWith(PROBE + ".")) {
            return name;
        }
        return name.startsWith("projector.")
                ? "net.proj." + name.substring("projector.".length())
                : "net.backbone." + name;
    }

    /// Whether an expected tensor is a parameter after steps along a gradient that is zero but for rounding. AdamW
    /// scales that noise up to whole steps, so in single precision the parameter drifts at random.
    private boolean drifts(String name) {
        return name.startsWith("param_")
                && golden.tensors(Role.EXPECTED).stream()
                        .filter(GoldenTensor::exactZero)
                        .map(GoldenTensor::name)
                        .filter(n -> n.startsWith("grad_step0/"))
                        .anyMatch(n -> name.endsWith(n.substring("grad_step0".length())));
    }

    /// The probe's logits of view 0 of the last batch.
    private void evaluate(Graph graph) {
        var last = Rows.row(views, steps - 1); // [N, V, 3, H, W]
        var images = last.dim(0);
        var size = last.size() / images / last.dim(1);
        var first = new double[images * size];
        for (var n = 0; n < images; n++) {
            System.arraycopy(last.data(), n * last.dim(1) * size, first, n * size, size);
        }
        var feeds = new HashMap<>(state);
        feeds.put(EvaluateGraph.IMAGES, NdArray.of(Shape.of(images, last.dim(2), last.dim(3), last.dim(4)), first));
        results.expect("eval_probe_logits", output(executor.run(graph, feeds), EvaluateGraph.LOGITS));
    }
}
