package dev.lejepa.graphs.optim;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.StateNames;
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
    private AdamWGraph() {}

    /// The graph, and what feeds it.
    public static Declarations build(List<ParameterGroup> groups) {
        return build(groups, Set.of(), Set.of(), false);
    }

    /// @param copied the parameters whose updates also give a bfloat16 copy
    /// @param narrow the parameters whose gradients come in bfloat16
    /// @param ownSteps whether each update reads the number of its step from an input of its own, `step/NAME`, and the
    ///     graph does not count completed steps
    public static Declarations build(
            List<ParameterGroup> groups, Set<String> copied, Set<String> narrow, boolean ownSteps) {
        var world = new Declarations(new Graph("optimizer"));
        var step = ownSteps ? Optional.<Value>empty() : Optional.of(counted(world));
        for (var group : groups) {
            var lr = world.input(group.rateInput(), Type.f32(), new Feed.Rate(group.name()));
            group.parameters().forEach((name, type) -> {
                var number =
                        step.orElseGet(() -> world.input(StateNames.step(name), Type.i64(1), new Feed.StepNumber()));
                var gradient = gradient(world, name, type, narrow.contains(name));
                update(world, group, lr, number, name, gradient, copied.contains(name));
            });
        }
        return world;
    }

    private static Value counted(Declarations world) {
        var before = world.state(StateNames.STEP, Type.i64(1));
        var step = before.add(world.graph().constant(Tensor.of(Shape.of(1), 1L)));
        world.updated(StateNames.STEP, step);
        return step;
    }

    private static Value gradient(Declarations world, String name, Type type, boolean narrow) {
        var state = StateNames.gradient(name);
        return narrow
                ? world.state(state, new Type(DType.BFLOAT16, type.shape())).cast(DType.FLOAT32)
                : world.state(state, type);
    }

    private static void update(
            Declarations world,
            ParameterGroup group,
            Value lr,
            Value step,
            String name,
            Value gradient,
            boolean copied) {
        var type = gradient.type();
        var weight = world.state(name, type);
        var m = world.state(StateNames.moment1(name), type);
        var v = world.state(StateNames.moment2(name), type);
        var operands = new ArrayList<>(List.of(lr, step, weight, gradient, m, v));
        if (copied) {
            operands.add(world.state(StateNames.copy(name), new Type(DType.BFLOAT16, type.shape())));
        }
        var op = new Optimizer.AdamW(group.beta1(), group.beta2(), group.epsilon(), group.weightDecay(), copied);
        var g = world.graph();
        var results = g.at(name, "AdamW", () -> g.apply(op, operands.toArray(Value[]::new)));
        world.updated(name, results.get(0));
        world.updated(StateNames.moment1(name), results.get(1));
        world.updated(StateNames.moment2(name), results.get(2));
        if (copied) {
            world.updated(StateNames.copy(name), results.get(3));
        }
    }
}
