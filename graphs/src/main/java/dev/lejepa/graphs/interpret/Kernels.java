package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.normal.NormalLaw;
import java.util.HashMap;
import java.util.List;

/// The table of reference kernels.
final class Kernels {
    private Kernels() {}

    /// @param batch the number that the symbolic batch stands for
    static List<NdArray> evaluate(Op op, List<NdArray> in, long batch) {
        return switch (op) {
            case Convolution c -> List.of(Convolutions.evaluate(c, in));
            case Pooling p -> List.of(Poolings.evaluate(p, in));

            case Leaf.Input i -> throw new IllegalStateException(Text.format("input '%s' has no kernel", i.label()));
            case Leaf.Constant c -> List.of(NdArray.of(c.value()));

            case Elementwise.Unary u -> Pointwise.map(in, u.function()::apply);
            case Elementwise.StopGradient _ -> in;
            case Rewritten.Barrier _ -> List.of(in.getFirst());
            case Elementwise.Cast c -> Pointwise.cast(in, c.to());

            case Elementwise.UnaryGrad u ->
                Pointwise.zip(in, (dy, v) -> dy * u.function().slope(v));
            case Elementwise.Clip c -> Pointwise.map(in, x -> Math.clamp(x, c.min(), c.max()));
            case Elementwise.Compare c ->
                Pointwise.zip(in, (a, b) -> c.comparison().holds(a, b) ? 1 : 0);
            case Elementwise.Where _ -> Pointwise.where(in.get(0), in.get(1), in.get(2));
            case Elementwise.Binary b -> Pointwise.zip(in, b.function()::apply);

            case Product.MatMul m -> List.of(Products.matmul(in.get(0), in.get(1), m.transA(), m.transB(), m.alpha()));
            case Product.Gemm g -> List.of(Products.gemm(in, g.transA(), g.transB()));
            case Reduction.ReduceSum r -> List.of(Products.sum(in.getFirst(), r.axes(), r.keepDims()));
            case Reduction.ReduceMax r -> List.of(Products.largest(in.getFirst(), r.axes(), r.keepDims()));
            case Reduction.ReduceMean r -> List.of(Products.mean(in.getFirst(), r.axes(), r.keepDims()));

            case Movement.Reshape r -> List.of(in.getFirst().as(r.shape().bind(batch)));
            case Movement.Transpose t -> List.of(Layout.transpose(in.getFirst(), t.perm()));
            case Movement.Slice s -> List.of(Layout.slice(in.getFirst(), s.axis(), s.start(), s.end()));
            case Movement.Split s -> Layout.split(in.getFirst(), s.axis(), s.sizes());
            case Movement.Pad p -> List.of(Layout.pad(in.getFirst(), p.axis(), p.before(), p.after()));
            case Movement.Gather m -> List.of(Layout.gather(in.getFirst(), m.axis(), m.places()));
            case Movement.GatherGrad m -> List.of(Layout.gatherGrad(in.getFirst(), m.axis(), m.places(), m.length()));
            case Movement.Concat c -> List.of(Layout.concat(in, c.axis()));
            case Movement.Expand e ->
                List.of(Layout.expand(in.getFirst(), e.shape().bind(batch)));

            case Activation.Softmax s -> List.of(Activations.softmax(in.getFirst(), s.axis()));
            case Activation.SoftmaxGrad s -> List.of(Activations.softmaxGrad(in.get(0), in.get(1), s.axis()));
            case SelfAttention.Attention a -> Attention.context(in.getFirst(), a.heads());
            case SelfAttention.AttentionGrad a -> List.of(Attention.gradient(in.get(0), in.get(1), a.heads()));
            case Activation.AddRelu _ -> Pointwise.zip(in, (a, b) -> Math.max(a + b, 0));
            case Activation.Gelu _ -> Pointwise.map(in, x -> x * NormalLaw.cdf(x));
            case Activation.GeluGrad _ ->
                Pointwise.zip(in, (dy, x) -> dy * (NormalLaw.cdf(x) + x * NormalLaw.density(x)));
            case Norm.LayerNorm n -> Normalization.layerNorm(in, n.epsilon());
            case Norm.LayerNormGrad _ -> Normalization.layerNormGrad(in);
            case Norm.BatchNorm n -> Normalization.batchNorm(in, n);
            case Norm.BatchNormGrad n -> Normalization.batchNormGrad(in, n);
            case Statistic.Ecf e -> Statistics.ecf(in.getFirst(), e.knots(), e.step());
            case Statistic.EcfGrad e -> List.of(Statistics.ecfGrad(in, e.knots(), e.step()));
            case Statistic.Sort _ -> Order.sort(in.getFirst());
            case Statistic.Unsort _ -> List.of(Order.unsort(in.get(0), in.get(1)));
            case Loss.SoftmaxCrossEntropy _ -> Statistics.crossEntropy(in.get(0), in.get(1));
            case Loss.SoftmaxCrossEntropyGrad _ -> List.of(Statistics.crossEntropyGrad(in));
            case Rewritten.Fused f -> fused(f.formula(), in);
            case Rewritten.Rows r -> fused(r.formula(), in);
            case Rewritten.ProductRows p -> fused(p.formula(), in);
            case Rewritten.Updates u -> fused(u.formula(), in);
            case Rewritten.BiasedAttention a -> Attention.context(Attention.biased(in.get(0), in.get(1)), a.heads());
            case Rewritten.BiasedAttentionGrad a ->
                Attention.biasedGradient(in.get(0), Attention.biased(in.get(1), in.get(2)), a.heads());
            case Optimizer.AdamW a -> Update.adamW(in, a);
        };
    }

    private static List<NdArray> fused(Graph formula, List<NdArray> in) {
        var fed = new HashMap<String, NdArray>();
        formula.inputs().keySet().forEach(name -> fed.put(name, in.get(fed.size())));
        return List.copyOf(Interpreter.evaluate(formula, fed).values());
    }
}
