package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.stream.Collectors;

/// A graph as text, one node a line: `%7 blocks.0.attn.qkv Gemm[transA=false, transB=true](%3, %5, %6) float32[8, 9]`.
public final class Printer {
    private Printer() {}

    /// The graph's nodes, then its outputs.
    public static String print(Graph graph) {
        var text = new StringBuilder("graph ").append(graph.name()).append('\n');
        for (var n : graph.nodes()) {
            text.append("  ").append(line(n)).append('\n');
        }
        graph.outputs()
                .forEach((name, v) -> text.append("  return ")
                        .append(name)
                        .append(" = ")
                        .append(ref(v))
                        .append('\n'));
        return text.toString();
    }

    private static String line(Node n) {
        var operands = n.inputs().stream().map(Printer::ref).collect(Collectors.joining(", ", "(", ")"));
        var types = n.outputs().stream().map(v -> v.type().toString()).collect(Collectors.joining(", "));
        return Text.format(
                "%%%d %s%s%s %s", n.id(), n.scope().isEmpty() ? "" : n.scope() + " ", n.op(), operands, types);
    }

    private static String ref(Value v) {
        return "%" + v.node().id() + (v.node().outputs().size() > 1 ? "." + v.index() : "");
    }
}
