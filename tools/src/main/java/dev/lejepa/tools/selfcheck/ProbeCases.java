package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.CrossEntropy;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.models.Probe;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.programs.TrainGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Family 11: the online probe on detached embeddings, and the order of views and labels.
final class ProbeCases {
    private static final double EPSILON = 1e-5;

    private ProbeCases() {}

    static void probe(GoldenCase golden, Executor executor, Comparison results) {
        var params = golden.params();
        if (params.number("layernorm_eps", EPSILON) != EPSILON) {
            throw new BadInputException(Text.format(
                    "%s: the probe's %s has eps %s, found %s",
                    golden, LayerNorm.class.getSimpleName(), EPSILON, params.number("layernorm_eps")));
        }
        var g = new CaseGraph(golden, "probe");
        var embeddings = g.input("emb");
        var labels = TrainGraph.perView(g.input("y"), params.integer("V"));
        var model = new Probe(params.integer("D"), params.integer("classes"));
        var logits = model.forward(g.scope(Mode.TRAIN), embeddings);
        var loss = CrossEntropy.loss(logits, labels);
        g.output("y_rep", labels);
        g.output("logits", logits);
        g.output("loss", loss);
        g.output(
                "grad_emb_if_not_detached",
                Autodiff.gradients(loss, List.of(detached(g))).getFirst());
        var wrt = new LinkedHashMap<String, Value>();
        wrt.put("grad_emb", embeddings);
        g.gradients(loss, wrt);
        var outputs = g.run(executor);
        results.expectAll(outputs);
        results.require(isZero(outputs, "grad_emb"), "grad_emb is not exactly zero");
    }

    /// The embeddings behind the probe's stop of gradients.
    private static Value detached(CaseGraph g) {
        return g.graph().nodes().stream()
                .filter(n -> n.op() instanceof Elementwise.StopGradient)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the probe does not detach its embeddings"))
                .outputs()
                .getFirst();
    }

    private static boolean isZero(Map<String, NdArray> outputs, String name) {
        var array = outputs.get(name);
        return array != null && Arrays.stream(array.data()).allMatch(v -> v == 0);
    }

    /// Rows `n*V+v` as views, and labels repeated for each.
    static void viewOrder(GoldenCase golden, Executor executor, Comparison results) {
        var views = golden.params().integer("V");
        var g = new CaseGraph(golden, "views");
        g.output("proj", LeJepaLoss.viewMajor(g.input("flat"), views));
        g.output("y_rep", TrainGraph.perView(g.input("y"), views));
        results.expectAll(g.run(executor));
    }
}
