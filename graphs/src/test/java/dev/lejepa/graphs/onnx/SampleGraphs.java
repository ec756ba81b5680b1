package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Type;
import java.util.List;

/// Small graphs with the operators of training.
final class SampleGraphs {
    private SampleGraphs() {}

    static List<Graph> all() {
        return List.of(mlp(), attention(), sigreg());
    }

    /// Loss, gradient and update of a two-layer perceptron, written out.
    static Graph mlp() {
        var g = new Graph("mlp");
        var x = g.input("x", Type.f32(8, 4));
        var labels = g.input("labels", Type.i64(8));
        var w1 = g.input("fc1.weight", Type.f32(6, 4));
        var b1 = g.input("fc1.bias", Type.f32(6));
        var w2 = g.input("fc2.weight", Type.f32(3, 6));
        var h = g.at("fc1", "", () -> x.gemm(w1, false, true, b1));
        var a = h.gelu();
        var logits = g.at("fc2", "", () -> a.gemm(w2, false, true));
        var loss = g.apply(new Loss.SoftmaxCrossEntropy(), logits, labels);
        g.output("loss", loss.getFirst());
        var dlogits = g.apply(new Loss.SoftmaxCrossEntropyGrad(), g.scalar(1), loss.get(1), labels)
                .getFirst();
        var dw2 = g.at("fc2.grad", "", () -> dlogits.gemm(a, true, false));
        var da = g.at("fc2.grad", "", () -> dlogits.gemm(w2, false, false));
        var dh = g.apply(new Activation.GeluGrad(), da, h).getFirst();
        g.output("fc1.weight.gradient", g.at("fc1.grad", "", () -> dh.gemm(x, true, false)));
        g.output("fc1.bias.gradient", g.at("fc1.grad", "", () -> dh.sum(false, 0)));
        var m = g.input("m", w2.type());
        var v = g.input("v", w2.type());
        var update = g.apply(
                new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.05),
                g.input("lr", Type.f32()),
                g.input("step", Type.i64(1)),
                w2,
                dw2,
                m,
                v);
        g.output("fc2.weight.new", update.get(0));
        g.output("m.new", update.get(1));
        g.output("v.new", update.get(2));
        return g;
    }

    /// A normalized attention layer on a free batch, and its gradient.
    static Graph attention() {
        var g = new Graph("attention");
        var x = g.input("x", Type.f32(Shape.batched(1, 5, 8)));
        var scale = g.input("norm.weight", Type.f32(8));
        var bias = g.input("norm.bias", Type.f32(8));
        var weight = g.input("qkv.weight", Type.f32(24, 8));
        var n = g.at("norm", "", () -> x.layerNorm(scale, bias, 1e-6));
        var context = g.at("attn", "", () -> {
            var p = n.softmax();
            g.output(
                    "dscores",
                    g.apply(new Activation.SoftmaxGrad(), p.square(), p).getFirst());
            var qkv = n.reshape(5, 8).gemm(weight, false, true).reshape(1, 5, 24);
            var results = g.apply(new SelfAttention.Attention(2), qkv);
            g.output(
                    "dqkv",
                    g.apply(new SelfAttention.AttentionGrad(2), p, qkv, results.get(0), results.get(1))
                            .getFirst());
            return results.getFirst();
        });
        g.output("y", x.add(context));
        return g;
    }

    /// The statistic of SIGReg and its gradient for three knots, LayerNorm's and BatchNorm's gradients beside it.
    static Graph sigreg() {
        var g = new Graph("sigreg");
        var x = g.input("x", Type.f32(2, 6, 4));
        var ecf = g.at("loss", "", () -> g.apply(new Statistic.Ecf(3, 0.5), x));
        g.output("cos", ecf.get(0));
        var dx = g.at("loss.grad", "", () -> g.apply(new Statistic.EcfGrad(3, 0.5), ecf.get(0), ecf.get(1), x))
                .getFirst();
        g.output("dx", dx);
        var w = g.input("w", Type.f32(4));
        var norm = g.apply(new Norm.LayerNorm(1e-6), x, w, w);
        var back = g.apply(new Norm.LayerNormGrad(), dx, x, w, norm.get(1), norm.get(2));
        g.output("dw", back.get(1).add(back.get(2)));
        var rows = x.reshape(12, 4);
        var batch = g.apply(new Norm.BatchNorm(1e-5, 0.1), rows, w, w, w, w);
        g.output("mean.new", batch.get(1));
        g.output("variance.new", batch.get(2));
        var batchBack = g.apply(new Norm.BatchNormGrad(), batch.get(0), rows, w, batch.get(3), batch.get(4));
        g.output("drows", batchBack.getFirst());
        return g;
    }
}
