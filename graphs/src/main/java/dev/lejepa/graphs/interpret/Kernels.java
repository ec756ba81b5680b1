package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.normal.Erf;
import dev.lejepa.graphs.normal.NormalLaw;
import java.util.HashMap;
import java.util.List;

/// The table of reference kernels.
final class Kernels {
    private Kernels() {}

    /// @param batch the number that the symbolic batch stands for
    static List<NdArray> evaluate(Op op, List<NdArray> in, long batch) {
        return switch (op) {
            case Op.Input i -> throw new IllegalStateException(Text.format("input '%s' has no kernel", i.label()));
            case Op.Constant c -> List.of(NdArray.of(c.value()));

            case Op.Neg _ -> Elementwise.map(in, x -> -x);
            case Op.Exp _ -> Elementwise.map(in, Math::exp);
            case Op.Log _ -> Elementwise.map(in, Math::log);
            case Op.Sqrt _ -> Elementwise.map(in, Math::sqrt);
            case Op.Reciprocal _ -> Elementwise.map(in, x -> 1 / x);
            case Op.Sin _ -> Elementwise.map(in, Math::sin);
            case Op.Cos _ -> Elementwise.map(in, Math::cos);
            case Op.Erf _ -> Elementwise.map(in, Erf::erf);
            case Op.Relu _ -> Elementwise.map(in, x -> Math.max(x, 0));
            case Op.Sign _ -> Elementwise.map(in, Math::signum);
            case Op.Abs _ -> Elementwise.map(in, Math::abs);
            case Op.StopGradient _ -> in;
            case Op.Barrier _ -> List.of(in.getFirst());
            case Op.Cast c -> Elementwise.cast(in, c.to());

            case Op.Add _ -> Elementwise.zip(in, Double::sum);
            case Op.Sub _ -> Elementwise.zip(in, (a, b) -> a - b);
            case Op.Mul _ -> Elementwise.zip(in, (a, b) -> a * b);
            case Op.Div _ -> Elementwise.zip(in, (a, b) -> a / b);

            case Op.MatMul m -> List.of(Products.matmul(in.get(0), in.get(1), m.transA(), m.transB(), m.alpha()));
            case Op.Gemm g -> List.of(Products.gemm(in, g.transA(), g.transB()));
            case Op.ReduceSum r -> List.of(Products.sum(in.getFirst(), r.axes(), r.keepDims()));
            case Op.ReduceMean r -> List.of(Products.mean(in.getFirst(), r.axes(), r.keepDims()));

            case Op.Reshape r -> List.of(in.getFirst().as(r.shape().bind(batch)));
            case Op.Transpose t -> List.of(Layout.transpose(in.getFirst(), t.perm()));
            case Op.Slice s -> List.of(Layout.slice(in.getFirst(), s.axis(), s.start(), s.end()));
            case Op.Split s -> Layout.split(in.getFirst(), s.axis(), s.sizes());
            case Op.Pad p -> List.of(Layout.pad(in.getFirst(), p.axis(), p.before(), p.after()));
            case Op.Concat c -> List.of(Layout.concat(in, c.axis()));
            case Op.Expand e -> List.of(Layout.expand(in.getFirst(), e.shape().bind(batch)));

            case Op.Softmax _ -> List.of(Activations.softmax(in.getFirst()));
            case Op.SoftmaxGrad _ -> List.of(Activations.softmaxGrad(in.get(0), in.get(1)));
            case Op.Attention a -> Attention.context(in.getFirst(), a.heads());
            case Op.AttentionGrad a -> List.of(Attention.gradient(in.get(0), in.get(1), a.heads()));
            case Op.Gelu _ -> Elementwise.map(in, x -> x * NormalLaw.cdf(x));
            case Op.GeluGrad _ -> Elementwise.zip(in, (dy, x) -> dy * (NormalLaw.cdf(x) + x * NormalLaw.density(x)));
            case Op.LayerNorm n -> Normalization.layerNorm(in, n.epsilon());
            case Op.LayerNormGrad _ -> Normalization.layerNormGrad(in);
            case Op.BatchNorm n -> Normalization.batchNorm(in, n.epsilon(), n.momentum());
            case Op.BatchNormGrad _ -> Normalization.batchNormGrad(in);
            case Op.Ecf e -> Statistics.ecf(in.getFirst(), e.knots(), e.step());
            case Op.EcfGrad e -> List.of(Statistics.ecfGrad(in, e.knots(), e.step()));
            case Op.LogNdtr _ -> Elementwise.map(in, NormalLaw::logCdf);
            case Op.Sort _ -> Order.sort(in.getFirst());
            case Op.Unsort _ -> List.of(Order.unsort(in.get(0), in.get(1)));
            case Op.SoftmaxCrossEntropy _ -> Statistics.crossEntropy(in.get(0), in.get(1));
            case Op.SoftmaxCrossEntropyGrad _ -> List.of(Statistics.crossEntropyGrad(in));
            case Op.Fused f -> fused(f.formula(), in);
            case Op.AdamW a -> Update.adamW(in, a);
        };
    }

    private static List<NdArray> fused(Graph formula, List<NdArray> in) {
        var fed = new HashMap<String, NdArray>();
        formula.inputs().keySet().forEach(name -> fed.put(name, in.get(fed.size())));
        return List.copyOf(Interpreter.evaluate(formula, fed).values());
    }
}
