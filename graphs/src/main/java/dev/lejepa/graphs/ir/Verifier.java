package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks what every graph promises: operands come before their node, types follow from the rules, and states that are
/// updated in place are read by nobody after they were written.
public final class Verifier {
    private Verifier() {}

    /// @return the graph itself
    /// @throws IllegalStateException naming the first node that breaks a promise
    public static Graph verify(Graph graph) {
        var seen = new HashSet<Value>();
        for (var n : graph.nodes()) {
            for (var v : n.inputs()) {
                require(seen.contains(v), graph, n, "operand " + v + " comes later or from another graph");
            }
            var types = n.op().infer(n.inputs().stream().map(Value::type).toList());
            require(
                    types.equals(n.outputs().stream().map(Value::type).toList()),
                    graph,
                    n,
                    "result types are not " + types);
            seen.addAll(n.outputs());
        }
        for (var e : graph.outputs().entrySet()) {
            if (!seen.contains(e.getValue())) {
                throw new IllegalStateException(
                        Text.format("graph '%s': output '%s' is made by no node", graph.name(), e.getKey()));
            }
        }
        return graph;
    }

    /// The engine binds an updated state's output to the memory of its input, and runs nodes in an order of its own.
    /// So every other reader of such an input must be an ancestor of the node that writes it.
    ///
    /// @param updates input name to the name of the output that is written over it
    /// @throws IllegalStateException naming the first reader that might see the new value
    public static void verifyInPlace(Graph graph, Map<String, String> updates) {
        updates.forEach((input, output) -> {
            var state = graph.inputs().get(input);
            var result = graph.outputs().get(output);
            if (state == null || result == null) {
                throw new IllegalStateException(
                        Text.format("graph '%s' has no input '%s' or no output '%s'", graph.name(), input, output));
            }
            var ancestors = ancestors(result.node());
            for (var n : graph.nodes()) {
                require(
                        !n.inputs().contains(state) || ancestors.contains(n),
                        graph,
                        n,
                        "may read '" + input + "' after it was overwritten");
            }
        });
    }

    private static Set<Node> ancestors(Node node) {
        var found = new HashSet<Node>(List.of(node));
        var open = new java.util.ArrayDeque<Node>(List.of(node));
        while (!open.isEmpty()) {
            for (var v : open.pop().inputs()) {
                if (found.add(v.node())) {
                    open.push(v.node());
                }
            }
        }
        return found;
    }

    private static void require(boolean holds, Graph graph, Node n, String message) {
        if (!holds) {
            throw new IllegalStateException(Text.format(
                    "graph '%s', node %s%s: %s",
                    graph.name(), n, n.scope().isEmpty() ? "" : " in " + n.scope(), message));
        }
    }
}
