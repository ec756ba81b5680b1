package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.Projector;
import dev.lejepa.graphs.nn.BatchNorm1d;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.StateNames;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Family 07: the projector in training on two batches, its gradients on the first, and then in evaluation.
final class ProjectorCases {
    private ProjectorCases() {}

    static void check(GoldenCase golden, Executor executor, Comparison results) {
        requireTorchDefaults(golden);
        var params = golden.params();
        var channels = params.integers("channels");
        var hidden = channels.subList(0, channels.size() - 1);
        var model = new Projector(params.integer("in_dim"), hidden, channels.getLast());
        var g = new CaseGraph(golden, "projector");
        var x = g.input("x");
        var out = model.forward(g.scope(Mode.TRAIN), x);
        g.output("out_train", out);
        var wrt = new LinkedHashMap<String, Value>();
        wrt.put("grad_x", x);
        g.gradients(out.mul(g.input("w")).sum(false, 0, 1), wrt);
        g.declarations().buffers().forEach(b -> g.output(StateNames.updated(b.name()), b.current()));
        var buffers = new HashMap<String, NdArray>();
        try (var train = executor.load(g.graph())) {
            var first = train.run(g.feeds());
            results.expectAll(first);
            keep(g, first, buffers);
            compare(results, "buffers_after1/", buffers);
            var again = g.feeds();
            again.putAll(buffers);
            again.put("x", golden.array("x2"));
            keep(g, train.run(again), buffers);
            compare(results, "buffers_after2/", buffers);
        }
        evaluate(golden, model, executor, buffers, results);
    }

    private static void requireTorchDefaults(GoldenCase golden) {
        var usual = new BatchNorm1d(1);
        var epsilon = golden.params().number("eps", usual.epsilon());
        var momentum = golden.params().number("momentum", usual.momentum());
        if (epsilon != usual.epsilon() || momentum != usual.momentum()) {
            throw new BadInputException(Text.format(
                    "%s: the projector's BatchNorm has eps %s and momentum %s, found %s and %s",
                    golden, usual.epsilon(), usual.momentum(), epsilon, momentum));
        }
    }

    /// Takes over the buffers' new values.
    private static void keep(CaseGraph g, Map<String, NdArray> outputs, Map<String, NdArray> buffers) {
        for (var b : g.declarations().buffers()) {
            var updated = outputs.get(StateNames.updated(b.name()));
            if (updated != null) {
                buffers.put(b.name(), updated);
            }
        }
    }

    private static void compare(Comparison results, String prefix, Map<String, NdArray> buffers) {
        var named = new LinkedHashMap<String, NdArray>();
        buffers.forEach((name, value) -> named.put(prefix + name, value));
        results.expectAll(named);
    }

    private static void evaluate(
            GoldenCase golden, Projector model, Executor executor, Map<String, NdArray> buffers, Comparison results) {
        var g = new CaseGraph(golden, "projector");
        g.output("out_eval", model.forward(g.scope(Mode.EVALUATE), g.input("x")));
        var feeds = g.feeds();
        feeds.putAll(buffers);
        results.expectAll(executor.run(g.graph(), feeds));
    }
}
