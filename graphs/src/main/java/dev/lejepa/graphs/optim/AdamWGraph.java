package dev.lejepa.graphs.optim;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Set;

/// The optimizer's graph: AdamW over groups of parameters (Loshchilov & Hutter, arXiv:1711.05101; torch.optim.AdamW).
///
/// Inputs are `step` (completed steps, int64 `[1]`), `lr.GROUP` scalars and for each parameter `NAME`, `grad/NAME`,
/// `moment1/NAME` and `moment2/NAME`; outputs are the new states, called `new/` and the state's name.
public final class AdamWGraph {
    public static final String STEP = "step";

    private AdamWGraph() {}

    /// The name of the bfloat16 copy that products read in mixed precision.
    public static String copy(String parameter) {
        return "bfloat16/" + parameter;
    }

    public static String gradient(String parameter) {
        return "grad/" + parameter;
    }

    public static String moment1(String parameter) {
        return "moment1/" + parameter;
    }

    public static String moment2(String parameter) {
        return "moment2/" + parameter;
    }

    /// The name of the output that holds a state's new value.
    public static String updated(String state) {
        return "new/" + state;
    }

    public static Graph build(List<ParameterGroup> groups) {
        return build(groups, Set.of());
    }

    /// @param copied the parameters whose updates also give a bfloat16 copy
    public static Graph build(List<ParameterGroup> groups, Set<String> copied) {
        var g = new Graph("optimizer");
        var completed = g.input(STEP, Type.i64(1));
        var step = completed.add(g.constant(Tensor.of(Shape.of(1), 1L)));
        g.output(updated(STEP), step);
        for (var group : groups) {
            var lr = g.input(group.rateInput(), Type.f32());
            group.parameters()
                    .forEach((name, type) -> update(g, group, lr, step, name, type, copied.contains(name)));
        }
        return g;
    }

    private static void update(
            Graph g, ParameterGroup group, Value lr, Value step, String name, Type type, boolean copied) {
        var weight = g.input(name, type);
        var gradient = g.input(gradient(name), type);
        var m = g.input(moment1(name), type);
        var v = g.input(moment2(name), type);
        var op = new Op.AdamW(group.beta1(), group.beta2(), group.epsilon(), group.weightDecay(), copied);
        var results = g.at(name, "AdamW", () -> g.apply(op, lr, step, weight, gradient, m, v));
        g.output(updated(name), results.get(0));
        g.output(updated(moment1(name)), results.get(1));
        g.output(updated(moment2(name)), results.get(2));
        if (copied) {
            g.output(updated(copy(name)), results.get(3));
        }
    }
}
