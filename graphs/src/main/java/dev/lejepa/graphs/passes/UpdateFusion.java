package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Updates all weights at once: the updates of an optimizer's graph become one [Rewritten.Updates], with what widens
/// their gradients and rounds their copies.
public final class UpdateFusion {
    private final Graph source;
    private final Graph target;
    private final Map<Value, Value> replacements = new HashMap<>();
    private final Graph formula = new Graph("updates");
    private final Map<Value, Value> inside = new HashMap<>();
    private final List<Value> operands = new ArrayList<>();

    private UpdateFusion(Graph source) {
        this.source = source;
        this.target = new Graph(source.name());
    }

    public static Graph apply(Graph optimizer) {
        return new UpdateFusion(optimizer).run();
    }

    private Graph run() {
        source.inputs().forEach((label, v) -> replacements.put(v, target.input(label, v.type())));
        var updated = new ArrayList<Value>();
        for (var n : source.nodes()) {
            switch (n.op()) {
                case Leaf.Input _ -> {}
                case Optimizer.AdamW a -> updated.addAll(update(n, a));
                case Op op -> put(n.outputs(), target.apply(op, operands(n)));
            }
        }
        put(updated, target.apply(new Rewritten.Updates(formula), operands));
        source.outputs().forEach((label, v) -> target.output(label, of(v)));
        return DeadValues.remove(Verifier.verify(target));
    }

    private List<Value> operands(Node n) {
        return n.inputs().stream().map(this::of).toList();
    }

    private Value of(Value old) {
        return Objects.requireNonNull(replacements.get(old));
    }

    private void put(List<Value> old, List<Value> results) {
        for (var i = 0; i < results.size(); i++) {
            replacements.put(old.get(i), results.get(i));
        }
    }

    /// @return the old results that are the formula's next ones
    private List<Value> update(Node n, Optimizer.AdamW a) {
        var in = n.inputs().subList(0, Optimizer.AdamW.OPERANDS).stream()
                .map(this::inside)
                .toList();
        var results = new ArrayList<>(formula.apply(a.withoutCopy(), in));
        if (a.copy()) {
            results.add(results.getFirst().cast(DType.BFLOAT16));
        }
        results.forEach(v -> formula.output("y" + formula.outputs().size(), v));
        return n.outputs();
    }

    private Value inside(Value old) {
        var known = inside.get(old);
        if (known != null) {
            return known;
        }
        var made = old.node().op() instanceof Elementwise.Cast(var to)
                ? inside(old.node().inputs().getFirst()).cast(to)
                : operand(old);
        inside.put(old, made);
        return made;
    }

    private Value operand(Value old) {
        var input = formula.input("x" + operands.size(), old.type());
        operands.add(of(old));
        return input;
    }
}
