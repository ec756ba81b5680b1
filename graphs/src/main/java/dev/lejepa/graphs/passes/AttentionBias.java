package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives attention the bias of the product that makes queries, keys and values, if nothing else reads them, and takes
/// the gradient of the bias from attention's: neither is a pass over memory of its own then.
public final class AttentionBias {
    private final Graph source;
    private final Fitting fitting;
    private final Map<Value, List<Node>> readers = new HashMap<>();
    /// Gradients of biases, in the new graph, by the gradient in the old one of which they are the sums.
    private final Map<Value, Value> sums = new HashMap<>();

    /// Which attentions can take a bias.
    @FunctionalInterface
    public interface Fitting {
        /// @param qkv shape of queries, keys and values, `[N, T, 3 H d]`
        boolean test(Shape qkv, int heads);
    }

    private AttentionBias(Graph source, Fitting fitting) {
        this.source = source;
        this.fitting = fitting;
        for (var n : source.nodes()) {
            for (var v : n.inputs()) {
                readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n);
            }
        }
    }

    public static Graph apply(Graph graph, Fitting fitting) {
        return DeadValues.remove(Rewriter.rewrite(graph, new AttentionBias(graph, fitting)::replay));
    }

    private List<Value> replay(Node n, List<Value> operands, Rewriter to) {
        var graph = to.graph();
        return switch (n.op()) {
            case Product.Gemm g when isGiven(n) -> graph.apply(g, operands.subList(0, 2));
            case Product.Gemm _
            when sumOf(n).isPresent() ->
                List.of(sumOf(n).orElseThrow().reshape(n.output().shape()));
            case SelfAttention.Attention a
            when isGiven(maker(n.inputs().getFirst())) ->
                graph.apply(
                        new Rewritten.BiasedAttention(a.heads()),
                        operands.getFirst(),
                        bias(n.inputs().getFirst(), to));
            case SelfAttention.AttentionGrad a
            when isGiven(maker(n.inputs().get(1))) -> {
                var results = graph.apply(
                        new Rewritten.BiasedAttentionGrad(a.heads()),
                        operands.get(0),
                        operands.get(1),
                        bias(n.inputs().get(1), to),
                        operands.get(2),
                        operands.get(3));
                sums.put(n.output(), results.get(1));
                yield results.subList(0, 1);
            }
            case Op op -> graph.apply(op, operands);
        };
    }

    private static Value bias(Value qkv, Rewriter to) {
        return to.of(maker(qkv).inputs().get(2));
    }

    /// What makes the rows that a value is another view of.
    private static Node maker(Value v) {
        return isView(v.node()) ? maker(v.node().inputs().getFirst()) : v.node();
    }

    private static boolean isView(Node n) {
        return switch (n.op()) {
            case Movement.Reshape _ ->
                n.output().shape().rank() > 0
                        && n.output().dim(-1) == n.inputs().getFirst().dim(-1);
            case Rewritten.Barrier _ -> true;
            case Op _ -> false;
        };
    }

    /// Whether a node is a product whose bias attention takes.
    private boolean isGiven(Node n) {
        return n.op() instanceof Product.Gemm && n.inputs().size() == 3 && isAttendedAlone(n.output());
    }

    private boolean isAttendedAlone(Value v) {
        var all = readers.getOrDefault(v, List.of());
        return !source.outputs().containsValue(v)
                && !all.isEmpty()
                && all.stream().allMatch(r -> isAttended(v, r));
    }

    private boolean isAttended(Value v, Node reader) {
        var in = reader.inputs();
        return switch (reader.op()) {
            case SelfAttention.Attention a -> fitting.test(v.shape(), a.heads());
            case SelfAttention.AttentionGrad a ->
                in.indexOf(v) == 1 && in.lastIndexOf(v) == 1 && fitting.test(v.shape(), a.heads());
            case Op _ -> isView(reader) && in.getFirst().equals(v) && isAttendedAlone(reader.output());
        };
    }

    /// The gradient of a bias, if a product with ones would sum it up.
    private Optional<Value> sumOf(Node n) {
        return Optional.of(n)
                .filter(RowOps::isProductWithOnes)
                .map(p -> sums.get(maker(p.inputs().get(1)).outputs().getFirst()));
    }
}
