package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// The bytes that nodes read and write in memory when each runs by itself, for graphs whose batch is fixed.
public final class Traffic {
    private Traffic() {}

    /// Bytes of one run. Nodes that no output needs are not run.
    public static long of(Graph graph) {
        return EngineOrder.of(graph).stream().mapToLong(Traffic::of).sum();
    }

    /// Bytes of one node: its operands and its results, once each. Another shape for the same elements takes none.
    public static long of(Node n) {
        if (n.op() instanceof Leaf || n.op() instanceof Movement.Reshape) {
            return 0;
        }
        return bytes(n.inputs()) + bytes(n.outputs());
    }

    private static long bytes(List<Value> values) {
        return values.stream()
                .mapToLong(v -> v.shape().size() * v.type().dtype().bytes())
                .sum();
    }
}
