package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Gradients of weights as a product of bfloat16 matrices makes them: where it rounds its sums to bfloat16 anyway, they
/// are not widened in memory, but by whoever reads them.
public final class NarrowGradients {
    private final Map<Value, Integer> readers = new HashMap<>();

    private NarrowGradients(Graph graph) {
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.merge(v, 1, Integer::sum)));
        graph.outputs().values().forEach(v -> readers.merge(v, 1, Integer::sum));
    }

    /// @param gradients names of outputs that may be bfloat16
    public static Graph apply(Graph graph, Predicate<String> gradients) {
        var pass = new NarrowGradients(graph);
        var widening = new HashSet<Node>();
        graph.outputs().forEach((label, v) -> {
            if (gradients.test(label)) {
                pass.widening(v).ifPresent(widening::add);
            }
        });
        return Rewriter.rewrite(graph, (n, in, to) -> switch (n.op()) {
            case Product.Gemm g
            when widening.contains(n) -> to.graph().apply(new Product.Gemm(g.transA(), g.transB(), DType.BFLOAT16), in);
            case Op op -> to.graph().apply(op, in);
        });
    }

    /// The product that widens a gradient, if nobody else reads it.
    private Optional<Node> widening(Value gradient) {
        if (readers.getOrDefault(gradient, 0) != 1) {
            return Optional.empty();
        }
        var n = gradient.node();
        return switch (n.op()) {
            case Movement.Reshape _, Movement.Transpose _ -> widening(n.inputs().getFirst());
            case Product.Gemm g
            when g.result() == DType.FLOAT32
                    && n.inputs().size() == 2
                    && n.inputs().getFirst().type().dtype() == DType.BFLOAT16 -> Optional.of(n);
            case Op _ -> Optional.empty();
        };
    }
}
