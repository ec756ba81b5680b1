package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Replays a graph into a new one, node by node, as a rule says.
final class Rewriter {
    /// What becomes of one node.
    @FunctionalInterface
    interface Rule {
        /// The values that stand for the node's results, or none to leave the node out, and with it all that read it.
        ///
        /// @param operands of the node, in the new graph
        /// @param to the new graph so far
        List<Value> apply(Node node, List<Value> operands, Rewriter to);
    }

    private final Graph source;
    private final Graph target;
    private final Map<Value, Value> replacements = new HashMap<>();

    private Rewriter(Graph source) {
        this.source = source;
        this.target = new Graph(source.name());
    }

    /// The rewritten graph. All inputs stay, and keep their order; the rule sees every other node.
    static Graph rewrite(Graph source, Rule rule) {
        Verifier.verify(source);
        var r = new Rewriter(source);
        source.inputs().forEach((label, v) -> r.replacements.put(v, r.target.input(label, v.type())));
        source.nodes().stream().filter(n -> !(n.op() instanceof Leaf.Input)).forEach(n -> r.replay(n, rule));
        source.outputs().forEach((label, v) -> r.target.output(label, r.of(v)));
        return Verifier.verify(r.target);
    }

    /// The new graph, in the scope of the node that is replayed.
    Graph graph() {
        return target;
    }

    /// What stands for a value of the old graph.
    Value of(Value old) {
        var v = replacements.get(old);
        if (v == null) {
            throw new IllegalStateException(
                    Text.format("graph '%s': %s of %s was left out but is needed", source.name(), old, old.node()));
        }
        return v;
    }

    private void replay(Node n, Rule rule) {
        if (!n.inputs().stream().allMatch(replacements::containsKey)) {
            return; // an operand was left out, so this node can only be one to leave out as well
        }
        var operands = n.inputs().stream().map(replacements::get).toList();
        var results = target.at(n.scope(), "", () -> rule.apply(n, operands, this));
        for (var i = 0; i < results.size(); i++) {
            replacements.put(n.outputs().get(i), results.get(i));
        }
    }
}
