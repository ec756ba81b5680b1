package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.UnaryFunction;

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
            case Leaf.Input _, Leaf.Constant _, Elementwise.StopGradient _, Elementwise.Cast _, Rewritten.Barrier _ ->
                0;
            case Movement.Reshape _,
                    Movement.Transpose _,
                    Movement.Slice _,
                    Movement.Split _,
                    Movement.Pad _,
                    Movement.Gather _,
                    Movement.Concat _,
                    Movement.Expand _ -> 0;

            case Elementwise.Unary u -> of(u.function()) * result(n);
            case Elementwise.UnaryGrad u -> ofGrad(u.function()) * result(n);
            case Elementwise.Binary _, Elementwise.Clip _, Elementwise.Compare _, Elementwise.Where _ -> result(n);

            case Product.MatMul m -> 2 * result(n) * n.inputs().getFirst().dim(m.transA() ? -2 : -1);
            case Product.Gemm g -> 2 * result(n) * n.inputs().getFirst().dim(g.transA() ? 0 : 1);
            // Every product of an element of the result and a weight, in all three.
            case Convolution.Conv c -> 2 * result(n) * weightsOfFilter(n, 1);
            case Convolution.ConvDataGrad c -> 2 * operand(n, 0) * weightsOfFilter(n, 1);
            case Convolution.ConvWeightsGrad c ->
                2 * operand(n, 0) * result(n) / n.output().dim(0);
            case Pooling.MaxPool p -> result(n) * p.pool().window().elements();
            case Pooling.MaxPoolGrad p -> operand(n, 0) * (p.pool().window().elements() + 1);
            case Pooling.AveragePool p -> result(n) * p.pool().window().elements();
            case Pooling.AveragePoolGrad p ->
                operand(n, 0) * p.of().pool().window().elements();
            case Reduction.ReduceSum _, Reduction.ReduceMean _, Reduction.ReduceMax _ -> operand(n, 0);

            // Maximum, difference, exponential, sum, quotient.
            case Activation.Softmax _ -> 5 * result(n);
            case Activation.SoftmaxGrad _ -> 4 * result(n);
            // Two products and a softmax of all pairs of tokens; the gradient has four products, and scores need no
            // softmax there.
            case SelfAttention.Attention a -> attention(n, a.heads());
            case SelfAttention.AttentionGrad a -> attentionGradient(n, a.heads());
            case Rewritten.BiasedAttention a -> attention(n, a.heads()) + operand(n, 0);
            case Rewritten.BiasedAttentionGrad a -> attentionGradient(n, a.heads()) + 2 * operand(n, 1);
            case Activation.AddRelu _ -> 2 * result(n);
            case Activation.Gelu _ -> 5 * result(n);
            case Activation.GeluGrad _ -> 10 * result(n);
            // Two sums, difference, square, scale and shift twice.
            case Norm.LayerNorm _, Norm.BatchNorm _ -> 8 * result(n);
            case Norm.LayerNormGrad _, Norm.BatchNormGrad _ -> 13 * result(n);
            // Each knot is a complex product from the one before, then two sums.
            case Statistic.Ecf e -> 8L * e.knots() * operand(n, 0);
            case Statistic.EcfGrad e -> 8L * e.knots() * operand(n, 2);
            // Comparisons of a merge sort.
            case Statistic.Sort _ ->
                result(n)
                        * (64 - Long.numberOfLeadingZeros(n.outputs().getFirst().dim(-2)));
            case Statistic.Unsort _ -> result(n);
            case Movement.GatherGrad _ -> operand(n, 0);
            case Loss.SoftmaxCrossEntropy _ -> 5 * operand(n, 0);
            case Loss.SoftmaxCrossEntropyGrad _ -> 3 * result(n);
            case Rewritten.Fused f ->
                f.formula().nodes().stream()
                        .filter(inside -> !inside.scope().equals(Rewritten.Fused.AGAIN))
                        .mapToLong(Flops::of)
                        .sum();
            case Rewritten.Rows r ->
                r.formula().nodes().stream().mapToLong(Flops::of).sum();
            case Rewritten.ProductRows p ->
                p.formula().nodes().stream().mapToLong(Flops::of).sum();
            case Rewritten.Updates u ->
                u.formula().nodes().stream().mapToLong(Flops::of).sum();
            case Optimizer.AdamW _ -> 14 * result(n);
        };
    }

    /// Operations for one element.
    private static long of(UnaryFunction function) {
        return switch (function) {
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, RELU, SIGN, ABS, SIGMOID, TANH -> 1;
            case SILU, HARD_SIGMOID, HARD_SWISH -> 2;
            case LOG_NDTR -> 30;
        };
    }

    /// Operations for one element of a derivative's product with the cotangent.
    private static long ofGrad(UnaryFunction function) {
        return switch (function) {
            case RELU, HARD_SIGMOID -> 2;
            case SIGMOID, TANH -> 3;
            case HARD_SWISH -> 4;
            case SILU -> 6;
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR -> 0; // has none of its own
        };
    }

    private static long attention(Node n, int heads) {
        return pairs(n, 0, heads) * (4 * n.inputs().getFirst().dim(2) / 3 / heads + 5);
    }

    private static long attentionGradient(Node n, int heads) {
        return pairs(n, 1, heads) * (8 * n.inputs().get(1).dim(2) / 3 / heads + 4);
    }

    /// Pairs of tokens of all heads.
    private static long pairs(Node n, int qkv, int heads) {
        var shape = n.inputs().get(qkv).shape();
        return shape.dim(0) * heads * shape.dim(1) * shape.dim(1);
    }

    /// Products in an element of a convolution's result.
    private static long weightsOfFilter(Node n, int weights) {
        return operand(n, weights) / n.inputs().get(weights).dim(0);
    }

    private static long result(Node n) {
        return n.outputs().getFirst().shape().size();
    }

    private static long operand(Node n, int i) {
        return n.inputs().get(i).shape().size();
    }
}
