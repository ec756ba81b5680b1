package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Computes what lies between products in few passes over memory: elementary functions, GELU, casts, biases and one
/// LayerNorm or its gradient become one [Rewritten.Rows], which reads its operands once and writes what others read.
public final class RowFusion {
    private final Graph source;
    private final Graph target;
    private final RowPlan plan;
    private final Map<Value, Value> replacements = new HashMap<>();

    private RowFusion(Graph source) {
        this.source = source;
        this.target = new Graph(source.name());
        this.plan = new RowPlan(source);
    }

    public static Graph apply(Graph graph) {
        return new RowFusion(RowForm.of(graph)).run();
    }

    private Graph run() {
        source.inputs().forEach((label, v) -> replacements.put(v, target.input(label, v.type())));
        for (var unit : plan.order()) {
            if (unit.isFormula()) {
                fuse(unit);
            } else {
                unit.nodes().stream()
                        .filter(n -> !(n.op() instanceof Leaf.Input))
                        .forEach(this::replay);
            }
        }
        source.outputs().forEach((label, v) -> target.output(label, of(v)));
        return DeadValues.remove(Verifier.verify(target));
    }

    private void replay(Node n) {
        var operands = n.inputs().stream().map(this::of).toList();
        put(n.outputs(), target.at(n.scope(), "", () -> target.apply(n.op(), operands)));
    }

    private void fuse(RowPlan.Unit unit) {
        var formula = new FormulaBuilder(unit);
        unit.nodes().forEach(formula::append);
        var results = unit.nodes().stream()
                .flatMap(n -> n.outputs().stream())
                .filter(plan::isResult)
                .toList();
        var rows = new Rewritten.Rows(formula.build(results));
        var operands = formula.operands.stream().map(this::of).toList();
        put(results, target.at(unit.nodes().last().scope(), "", () -> target.apply(rows, operands)));
    }

    private void put(List<Value> old, List<Value> results) {
        for (var i = 0; i < results.size(); i++) {
            replacements.put(old.get(i), results.get(i));
        }
    }

    private Value of(Value old) {
        var found = replacements.get(old);
        if (found == null) {
            throw new IllegalStateException(
                    Text.format("graph '%s': %s of %s is needed before it is made", source.name(), old, old.node()));
        }
        return found;
    }

    /// A formula under construction.
    private static final class FormulaBuilder {
        private final RowPlan.Unit unit;
        private final Graph formula = new Graph("formula");
        private final Map<Value, Value> known = new HashMap<>();
        /// What the formula reads, in the order of its inputs.
        private final List<Value> operands = new ArrayList<>();

        FormulaBuilder(RowPlan.Unit unit) {
            this.unit = unit;
        }

        void append(Node n) {
            var inside = n.inputs().stream().map(this::of).toList();
            var results = formula.apply(n.op(), inside);
            for (var i = 0; i < results.size(); i++) {
                known.put(n.outputs().get(i), results.get(i));
            }
        }

        Graph build(List<Value> results) {
            results.forEach(v -> formula.output("y" + formula.outputs().size(), of(v)));
            return formula;
        }

        private Value of(Value old) {
            var found = known.get(old);
            if (found == null) {
                found = make(old);
                known.put(old, found);
            }
            return found;
        }

        private Value make(Value old) {
            if (old.node().op() instanceof Leaf.Constant c && old.shape().rank() == 0) {
                return formula.constant(c.value());
            }
            if (unit.nodes().contains(old.node())) {
                throw new IllegalStateException(Text.format("%s of %s is read before it is made", old, old.node()));
            }
            operands.add(old);
            return formula.input("x" + (operands.size() - 1), old.type());
        }
    }
}
