package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// The exact GELU `x Phi(x)` and its derivative over elementary operators, in as few passes as there can be: tensors
/// of this size do not fit the caches, so every pass counts.
final class Gelus {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private Gelus() {}

    /// Whether a product's readers are GELUs and their gradients alone, which can add its bias.
    static boolean aloneRead(Lowering lowering, Value product) {
        var readers = lowering.readers(product);
        if (readers.isEmpty() || product.graph().outputs().containsValue(product)) {
            return false;
        }
        return readers.stream().allMatch(n -> switch (n.op()) {
            case Activation.Gelu _ -> true;
            case Activation.GeluGrad _ -> !n.inputs().get(0).equals(product);
            case Movement.Reshape _ -> n.output().dim(-1) == product.dim(-1) && aloneRead(lowering, n.output());
            case Activation.Softmax _, Activation.SoftmaxGrad _, Activation.AddRelu _ -> false;
            case Movement.Transpose _, Movement.Slice _, Movement.Split _, Movement.Pad _ -> false;
            case Movement.Concat _, Movement.Expand _, Movement.Gather _, Movement.GatherGrad _ -> false;
            case Leaf _, Elementwise _, Product _, Convolution _, Pooling _, Reduction _, SelfAttention _, Norm _ ->
                false;
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        });
    }

    /// ONNX Runtime's kernel, with the bias that the product before it lacks.
    static List<Ref> fused(Site s) {
        return s.lowering()
                .missingBias(s.in(0))
                .map(bias -> s.wholeFused("BiasGelu", List.of(s.in(0), bias)))
                .orElseGet(() -> s.fused("Gelu"));
    }

    /// ONNX Runtime's kernel. `GeluGrad` has none for bfloat16; this one, with a bias, has.
    static List<Ref> fusedGradient(Site s) {
        var x = s.in(1);
        var bias = s.lowering().missingBias(x).orElseGet(() -> {
            var row = Shape.of(x.shape().dim(-1));
            return s.cast(s.constant(Tensor.filled(row, 0)), x.type().dtype());
        });
        return s.wholeFused("BiasGeluGrad_dX", List.of(s.in(0), x, bias));
    }

    static Ref value(Site s) {
        var cdf = cdf(s, scaled(s, s.in(0)));
        return s.value(List.of(s.in(0), cdf), in -> in.get(0).mul(in.get(1)));
    }

    /// `dy (Phi(x) + x phi(x))` with `phi(x) = exp(-u^2 - ln sqrt(2 pi))` and `u = x / sqrt 2`. On a CPU the nine
    /// passes take 16 ms of one thread at 4112 x 1536; so do ONNX Runtime's `GeluGrad` and `BiasGeluGrad_dX`, but
    /// they never use a second thread. With `1 + erf` as two passes and the constant as one of its own it is 19.
    static Ref gradient(Site s) {
        var x = s.in(1);
        var u = scaled(s, x);
        return s.value(List.of(s.in(0), x, u, cdf(s, u)), in -> {
            var exponent = in.get(2)
                    .graph()
                    .scalar(-Math.log(Math.sqrt(2 * Math.PI)))
                    .sub(in.get(2).square());
            return in.get(3).add(exponent.exp().mul(in.get(1))).mul(in.get(0));
        });
    }

    private static Ref scaled(Site s, Ref x) {
        return s.value(List.of(x), in -> in.getFirst().mul(SQRT_HALF));
    }

    /// `Phi(x) = (1 + erf(u)) / 2`. Nothing is clipped between -1 and 1, so `HardSigmoid` is that line in one pass.
    private static Ref cdf(Site s, Ref u) {
        var erf = s.node("Erf", u.type(), List.of(u));
        return s.node("HardSigmoid", u.type(), List.of(erf), attribute("alpha", 0.5), attribute("beta", 0.5));
    }
}
