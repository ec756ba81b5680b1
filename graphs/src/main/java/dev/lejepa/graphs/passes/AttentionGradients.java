package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The gradient of softmax inside attention without a pass over all pairs of tokens.
///
/// With weights `P`, values `V` and the context `O = P V`, the cotangent of `P` is `dP = dO V^T`, and softmax needs
/// `sum_j dP_ij P_ij`. Put the other way round that is `sum_d dO_id O_id`: the same number from tensors that have a
/// head's width (64) where `P` has the number of tokens. At 16 x 6 heads of 257 tokens this saves 1.4 of 5.0 ms.
public final class AttentionGradients {
    private AttentionGradients() {}

    /// Rewrites every `SoftmaxGrad` whose operands come from attention; the graph's other nodes stay.
    public static Graph simplify(Graph graph) {
        return Rewriter.rewrite(graph, (node, operands, to) -> {
            var sums = sums(node, to);
            return sums.isPresent()
                    ? List.of(operands.get(1).mul(operands.get(0).sub(sums.get())))
                    : to.graph().apply(node.op(), operands);
        });
    }

    /// `sum_j dP_ij P_ij`, `[..., T, 1]` in the new graph, if the node is of attention.
    private static Optional<Value> sums(Node node, Rewriter to) {
        if (!(node.op() instanceof Op.SoftmaxGrad)) {
            return Optional.empty();
        }
        var product = node.inputs().get(0).node();
        if (!product.op().equals(new Op.MatMul(false, true, 1))) {
            return Optional.empty();
        }
        var dContext = product.inputs().get(0);
        return context(node.inputs().get(1), product.inputs().get(1))
                .filter(o -> o.shape().equals(dContext.shape()))
                .map(o -> rowSums(dContext, o, to));
    }

    /// `P V`, if the graph has it.
    private static Optional<Value> context(Value weights, Value values) {
        return weights.graph().nodes().stream()
                .filter(n -> n.op().equals(new Op.MatMul(false, false, 1))
                        && n.inputs().equals(List.of(weights, values)))
                .map(Node::output)
                .findFirst();
    }

    /// The sums over the last axis of `a b`. The layout that both have on the side of the output projection is kept
    /// in memory anyway, for that projection's gradient, so it is preferred.
    private static Value rowSums(Value a, Value b, Rewriter to) {
        var last = a.shape().rank() - 1;
        if (a.node().op() instanceof Op.Transpose t && t.perm().getLast() == last) {
            var inverse = new Op.Transpose(IntStream.range(0, t.perm().size())
                    .mapToObj(t.perm()::indexOf)
                    .toList());
            var untransposed = b.graph().nodes().stream()
                    .filter(n -> n.op().equals(inverse) && n.inputs().getFirst().equals(b))
                    .map(Node::output)
                    .findFirst();
            if (untransposed.isPresent()) {
                var sums = product(a.node().inputs().getFirst(), untransposed.get(), to);
                return sums.transpose(t.perm().stream().mapToInt(i -> i).toArray());
            }
        }
        return product(a, b, to);
    }

    private static Value product(Value a, Value b, Rewriter to) {
        return to.of(a).mul(to.of(b)).sum(true, a.shape().rank() - 1);
    }
}
