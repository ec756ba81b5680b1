package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;

/// The table of floating-point operations.
///
/// A multiplication with its addition counts as two, so a product of `[M, K]` and `[K, N]` takes `2 M K N`; every other
/// elementary operation or function counts as one for each element; moving elements is free. Operations are counted as
/// the mathematics needs them, once, whatever a kernel repeats.
public final class Flops {
    private Flops() {}

    /// Operations of one run, for one item if the graph is batched. Nodes that no output needs are not run.
    public static long of(Graph graph) {
        return EngineOrder.of(graph).stream().mapToLong(Flops::of).sum();
    }

    /// Operations of one node.
    public static long of(Node n) {
        return switch (n.op()) {
            case Op.Input _, Op.Constant _, Op.StopGradient _, Op.Cast _, Op.Barrier _ -> 0;
            case Op.Reshape _, Op.Transpose _, Op.Slice _, Op.Split _, Op.Pad _, Op.Concat _, Op.Expand _ -> 0;

            case Op.Neg _, Op.Exp _, Op.Log _, Op.Sqrt _, Op.Reciprocal _, Op.Sin _, Op.Cos _, Op.Erf _ -> result(n);
            case Op.Relu _, Op.Sign _, Op.Abs _ -> result(n);
            case Op.Add _, Op.Sub _, Op.Mul _, Op.Div _ -> result(n);

            case Op.MatMul m -> 2 * result(n) * n.inputs().getFirst().dim(m.transA() ? -2 : -1);
            case Op.Gemm g -> 2 * result(n) * n.inputs().getFirst().dim(g.transA() ? 0 : 1);
            case Op.ReduceSum _, Op.ReduceMean _ -> operand(n, 0);

            // Maximum, difference, exponential, sum, quotient.
            case Op.Softmax _ -> 5 * result(n);
            case Op.SoftmaxGrad _ -> 4 * result(n);
            // Two products and a softmax of all pairs of tokens; the gradient has four products, and scores need no
            // softmax there.
            case Op.Attention a ->
                pairs(n, 0, a.heads()) * (4 * n.inputs().getFirst().dim(2) / 3 / a.heads() + 5);
            case Op.AttentionGrad a ->
                pairs(n, 1, a.heads()) * (8 * n.inputs().get(1).dim(2) / 3 / a.heads() + 4);
            case Op.Gelu _ -> 5 * result(n);
            case Op.GeluGrad _ -> 10 * result(n);
            // Two sums, difference, square, scale and shift twice.
            case Op.LayerNorm _, Op.BatchNorm _ -> 8 * result(n);
            case Op.LayerNormGrad _, Op.BatchNormGrad _ -> 13 * result(n);
            // Each knot is a complex product from the one before, then two sums.
            case Op.Ecf e -> 8L * e.knots() * operand(n, 0);
            case Op.EcfGrad e -> 8L * e.knots() * operand(n, 2);
            case Op.LogNdtr _ -> 30 * result(n);
            // Comparisons of a merge sort.
            case Op.Sort _ ->
                result(n)
                        * (64 - Long.numberOfLeadingZeros(n.outputs().getFirst().dim(-2)));
            case Op.Unsort _ -> result(n);
            case Op.SoftmaxCrossEntropy _ -> 5 * operand(n, 0);
            case Op.SoftmaxCrossEntropyGrad _ -> 3 * result(n);
            case Op.Fused f ->
                f.formula().nodes().stream()
                        .filter(inside -> !inside.scope().equals(Op.Fused.AGAIN))
                        .mapToLong(Flops::of)
                        .sum();
            case Op.AdamW _ -> 14 * result(n);
        };
    }

    /// Pairs of tokens of all heads.
    private static long pairs(Node n, int qkv, int heads) {
        var shape = n.inputs().get(qkv).shape();
        return shape.dim(0) * heads * shape.dim(1) * shape.dim(1);
    }

    private static long result(Node n) {
        return n.outputs().getFirst().shape().size();
    }

    private static long operand(Node n, int i) {
        return n.inputs().get(i).shape().size();
    }
}
