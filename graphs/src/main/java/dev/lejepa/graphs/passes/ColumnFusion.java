package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Computes what tests make of their columns `[..., N, S]` in few passes: elementary operators between one tensor that
/// must exist and the next, and the sums over rows of what they make, become one [Rewritten.Fused]. The backward pass
/// computes again what it needs of the forward pass instead of reading it, as arithmetic costs less than memory here.
///
/// Results that need the same number of such passes before them are made by one.
public final class ColumnFusion {
    private final Graph source;
    private final Graph target;
    private final FusionPlan plan;
    private final Map<Value, Value> replacements = new HashMap<>();
    private final Set<Node> computed = new HashSet<>();

    private ColumnFusion(Graph source, String scope) {
        this.source = source;
        this.target = new Graph(source.name());
        this.plan = new FusionPlan(source, scope);
    }

    /// @param scope part of the path of the nodes that may be fused
    public static Graph apply(Graph graph, String scope) {
        var pass = new ColumnFusion(Verifier.verify(graph), scope);
        return pass.plan.groups().isEmpty() ? graph : pass.run();
    }

    private Graph run() {
        source.inputs().forEach((label, v) -> replacements.put(v, target.input(label, v.type())));
        var plain = new ArrayList<>(source.nodes());
        plain.removeIf(n -> n.op() instanceof Leaf.Input || !plan.isPlain(n));
        // operands have no higher level than their node, so this is a topological order
        plain.sort(Comparator.comparingInt(plan::level).thenComparingInt(Node::id));
        var open = plain.listIterator();
        for (var group : plan.groups()) {
            while (open.hasNext() && plan.level(plain.get(open.nextIndex())) <= group.level()) {
                replay(open.next());
            }
            fuse(group);
        }
        open.forEachRemaining(this::replay);
        source.outputs().forEach((label, v) -> target.output(label, of(v)));
        return Verifier.verify(target);
    }

    private void replay(Node n) {
        var operands = n.inputs().stream().map(this::of).toList();
        var results = target.at(n.scope(), "", () -> target.apply(n.op(), operands));
        for (var i = 0; i < results.size(); i++) {
            replacements.put(n.outputs().get(i), results.get(i));
        }
    }

    private void fuse(FusionPlan.Group group) {
        var formula = new FormulaBuilder(plan, computed);
        group.results().forEach(formula::result);
        var operands = formula.operands().stream().map(this::of).toList();
        var scope = group.results().getFirst().node().scope();
        var results = target.at(scope, "", () -> target.apply(new Rewritten.Fused(formula.build()), operands));
        for (var i = 0; i < results.size(); i++) {
            replacements.put(group.results().get(i), results.get(i));
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

    /// A formula under construction, from its results back to its operands.
    private static final class FormulaBuilder {
        private final FusionPlan plan;
        private final Set<Node> computed;
        private final Graph formula = new Graph("formula");
        private final Map<Value, Value> known = new HashMap<>();
        private final List<Value> operands = new ArrayList<>();

        /// @param computed nodes of all formulas so far; those of this one are added
        FormulaBuilder(FusionPlan plan, Set<Node> computed) {
            this.plan = plan;
            this.computed = computed;
        }

        List<Value> operands() {
            return operands;
        }

        Graph build() {
            return formula;
        }

        void result(Value old) {
            formula.output("y" + formula.outputs().size(), plan.isSum(old.node()) ? apply(old.node()) : of(old));
        }

        private Value of(Value old) {
            var found = known.get(old);
            if (found == null) {
                found = make(old);
                known.put(old, found);
            }
            return found;
        }

        /// Operators broadcast by themselves.
        private Value make(Value old) {
            var op = old.node().op();
            if (op instanceof Leaf.Constant c && old.shape().rank() == 0) {
                return formula.constant(c.value());
            }
            if (!plan.isElementary(old.node())) {
                operands.add(old);
                return formula.input("x" + (operands.size() - 1), old.type());
            }
            return op instanceof Movement.Expand ? of(old.node().inputs().getFirst()) : apply(old.node());
        }

        private Value apply(Node n) {
            var inside = n.inputs().stream().map(this::of).toList();
            var scope = computed.add(n) ? "" : Rewritten.Fused.AGAIN;
            // a function has no derivative to call for, only what that is made of
            return n.op() instanceof Elementwise.UnaryGrad grad
                    ? formula.at(scope, "", () -> grad.parts(inside.get(0), inside.get(1)))
                    : formula.at(scope, "", () -> formula.apply(n.op(), inside)).getFirst();
        }
    }
}
