package dev.lejepa.graphs.optim;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The optimizer's graph: AdamW over groups of parameters (Loshchilov & Hutter, arXiv:1711.05101; torch.optim.AdamW).
///
/// Inputs are `step` (completed steps, int64 `[1]`), `lr.GROUP` scalars and for each parameter `NAME`, `grad/NAME`,
/// `moment1/NAME` and `moment2/NAME`, for those that have one `bfloat16/NAME`; outputs are the new states, called `new/`
/// and the state's name.
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

    /// The input that says which step an update is, in graphs where each has one of its own.
    public static String step(String parameter) {
        return STEP + "/" + parameter;
    }

    public static Graph build(List<ParameterGroup> groups) {
        return build(groups, Set.of(), false);
    }

    /// @param copied the parameters whose updates also give a bfloat16 copy
    /// @param ownSteps whether each update reads the number of its step from an input of its own, `step/NAME`, and the
    ///     graph does not count completed steps
    public static Graph build(List<ParameterGroup> groups, Set<String> copied, boolean ownSteps) {
        var g = new Graph("optimizer");
        var step = ownSteps ? Optional.<Value>empty() : Optional.of(counted(g));
        for (var group : groups) {
            var lr = g.input(group.rateInput(), Type.f32());
            group.parameters().forEach((name, type) -> {
                var number = step.orElseGet(() -> g.input(step(name), Type.i64(1)));
                update(g, group, lr, number, name, type, copied.contains(name));
            });
        }
        return g;
    }

    private static Value counted(Graph g) {
        var step = g.input(STEP, Type.i64(1)).add(g.constant(Tensor.of(Shape.of(1), 1L)));
        g.output(updated(STEP), step);
        return step;
    }

    private static void update(
            Graph g, ParameterGroup group, Value lr, Value step, String name, Type type, boolean copied) {
        var weight = g.input(name, type);
        var gradient = g.input(gradient(name), type);
        var m = g.input(moment1(name), type);
        var v = g.input(moment2(name), type);
        var operands = new ArrayList<>(List.of(lr, step, weight, gradient, m, v));
        if (copied) {
            operands.add(g.input(copy(name), new Type(DType.BFLOAT16, type.shape())));
        }
        var op = new Optimizer.AdamW(group.beta1(), group.beta2(), group.epsilon(), group.weightDecay(), copied);
        var results = g.at(name, "AdamW", () -> g.apply(op, operands.toArray(Value[]::new)));
        g.output(updated(name), results.get(0));
        g.output(updated(moment1(name)), results.get(1));
        g.output(updated(moment2(name)), results.get(2));
        if (copied) {
            g.output(updated(copy(name)), results.get(3));
        }
    }
}
