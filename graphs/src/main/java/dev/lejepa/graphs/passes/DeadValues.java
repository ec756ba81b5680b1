package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Leaves out nodes that no output needs. Inputs stay, needed or not: they are the graph's interface.
public final class DeadValues {
    private DeadValues() {}

    public static Graph remove(Graph graph) {
        var live = live(graph);
        return Rewriter.rewrite(
                graph, (node, operands, to) -> live.contains(node) ? to.graph().apply(node.op(), operands) : List.of());
    }

    private static Set<Node> live(Graph graph) {
        var needed = new HashSet<Value>(graph.outputs().values());
        var live = new HashSet<Node>();
        for (var n : graph.nodes().reversed()) {
            if (n.outputs().stream().anyMatch(needed::contains)) {
                live.add(n);
                needed.addAll(n.inputs());
            }
        }
        return live;
    }
}
