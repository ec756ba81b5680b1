package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Attention over elementary operators: queries, keys, values and softmax's weights are made once and stay in memory
/// from the forward to the backward pass.
public final class Attentions {
    /// Width `d` of the widest heads that CUDA kernels take: the sums of 16 rows of so many numbers fill half of the
    /// registers of a warp. No vision transformer of timm has wider ones than 128.
    public static final int WIDEST_ON_CUDA = 256;

    private Attentions() {}

    /// Whether the CUDA kernels take heads of this width.
    ///
    /// @param qkv `[N, T, 3 H d]`
    public static boolean onCuda(Shape qkv, int heads) {
        return qkv.dim(2) / 3 / heads <= WIDEST_ON_CUDA;
    }

    static List<Ref> biased(Site s, int heads) {
        return value(s, sum(s, s.in(0), s.in(1)), heads);
    }

    static List<Ref> biasedGradient(Site s, int heads) {
        var dQkv = gradient(s, s.in(0), sum(s, s.in(1), s.in(2)), s.in(3), heads);
        var dBias =
                s.value(List.of(dQkv), in -> in.getFirst().cast(DType.FLOAT32).sum(false, 0, 1));
        return List.of(dQkv, dBias);
    }

    private static Ref sum(Site s, Ref qkv, Ref bias) {
        return s.value(
                List.of(qkv, bias),
                in -> in.get(0)
                        .cast(DType.FLOAT32)
                        .add(in.get(1))
                        .cast(qkv.type().dtype()));
    }

    static List<Ref> value(Site s, Ref qkv, int heads) {
        var parts = parts(s, qkv, heads);
        var context = s.value(
                List.of(parts.get(2), parts.get(3)),
                in -> in.get(1)
                        .matmul(in.get(0))
                        .transpose(0, 2, 1, 3)
                        .reshape(s.type(0).shape()));
        return s.readBy(1, Attentions::needsLogs)
                ? List.of(context, logs(s, parts))
                : List.of(context, new Ref("", s.type(1)));
    }

    /// With weights `P` and the context `O = P V`, softmax's gradient needs `sum_j dP_ij P_ij`, which is
    /// `sum_c dO_ic O_ic`: the same number from tensors that are a head's width (64) wide, not the number of tokens. On
    /// CUDA one kernel makes the sums and all that follows from them in one pass.
    static Ref gradient(Site s, Ref dOutput, Ref qkv, Ref context, int heads) {
        var parts = parts(s, qkv, heads);
        var arguments = new ArrayList<>(parts);
        arguments.add(dOutput);
        arguments.add(context);
        return s.value(arguments, in -> {
            var q = in.get(0);
            var k = in.get(1);
            var v = in.get(2);
            var p = in.get(3);
            var n = q.dim(0);
            var t = q.dim(2);
            var d = q.dim(3);
            var outside = new long[] {n, t, heads, d};
            var dContext = in.get(4).reshape(outside).transpose(0, 2, 1, 3); // [N, H, T, d]
            var dWeights = dContext.matmul(v, false, true, 1); // [N, H, T, T]
            Supplier<Value> sums = () -> in.get(4)
                    .reshape(outside)
                    .mul(in.get(5).reshape(outside))
                    .sum(true, 3)
                    .transpose(0, 2, 1, 3); // [N, H, T, 1]
            var dScores = s.has(LAYER_KERNELS)
                    ? q.graph().apply(new Activation.SoftmaxGrad(), dWeights, p).getFirst()
                    : p.mul(dWeights.sub(sums.get())); // [N, H, T, T]
            var scale = 1 / Math.sqrt(d);
            var parcels = List.of(
                    dScores.matmul(k, false, false, scale),
                    dScores.matmul(q, true, false, scale),
                    p.matmul(dContext, true, false, 1));
            return Value.concat(
                            1,
                            parcels.stream()
                                    .map(x -> x.reshape(n, 1, heads, t, d))
                                    .toList()) // [N, 3, H, T, d]
                    .transpose(0, 3, 1, 2, 4)
                    .reshape(qkv.shape());
        });
    }

    /// Queries, keys and values `[N, H, T, d]`, softmax's weights `[N, H, T, T]`.
    private static List<Ref> parts(Site s, Ref qkv, int heads) {
        return s.shared(
                "attention of " + qkv.name(),
                () -> s.values(List.of(qkv), in -> {
                    var x = in.getFirst();
                    var n = x.dim(0);
                    var t = x.dim(1);
                    var d = x.dim(2) / 3 / heads;
                    var parts = new ArrayList<Value>();
                    x.reshape(n, t, 3, heads, d)
                            .transpose(0, 2, 3, 1, 4) // [N, 3, H, T, d]
                            .split(1, 1, 1, 1)
                            .forEach(p -> parts.add(p.reshape(n, heads, t, d)));
                    parts.add(scores(parts.get(0), parts.get(1)).softmax());
                    return parts;
                }));
    }

    /// The gradient of this form reads softmax's weights instead.
    private static boolean needsLogs(Op reader) {
        return !(reader instanceof SelfAttention.AttentionGrad || reader instanceof Rewritten.BiasedAttentionGrad);
    }

    private static Value scores(Value q, Value k) {
        return q.matmul(k, false, true, 1 / Math.sqrt(q.dim(3)));
    }

    /// Where another graph reads them. ONNX's own operator for it has no kernel on CUDA.
    private static Ref logs(Site s, List<Ref> parts) {
        return s.value(parts.subList(0, 2), in -> {
            var scores = scores(in.get(0), in.get(1)).cast(DType.FLOAT32); // [N, H, T, T]
            var top = scores.graph()
                    .apply(new Reduction.ReduceMax(List.of(3), true), scores)
                    .getFirst();
            var logs = scores.sub(top).exp().sum(true, 3).log().add(top);
            return logs.reshape(s.type(1).shape());
        });
    }
}
