package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What lies between convolutions of bfloat16 maps `[N, H, W, C]`, as formulas that compute in float32 and round once.
///
/// A value that two readers want is made for each of them, and factors of channels are applied one after the other:
/// kernels keep all that in registers, while maps in memory take the time, and launches for a few channels.
final class MapFormulas {
    private MapFormulas() {}

    /// BatchNorm, activations and sums with a ReLU, and their gradients; nothing for other operators.
    static Optional<List<Value>> of(Op op, List<Value> in) {
        return switch (op) {
            case Norm.BatchNorm b when isLast(b.axis(), in.get(0)) && b.processes() == 1 -> Optional.of(norm(in, b));
            case Norm.BatchNormGrad b
            when isLast(b.axis(), in.get(1)) && b.processes() == 1 -> Optional.of(normGradient(in, b));
            case Activation.AddRelu _ ->
                Optional.of(List.of(narrow(wide(in.get(0)).add(wide(in.get(1))).relu())));
            case Elementwise.Unary u -> value(u.function(), wide(in.getFirst())).map(y -> List.of(narrow(y)));
            case Elementwise.UnaryGrad u ->
                Optional.of(List.of(narrow(wide(in.get(0)).mul(slope(u.function(), wide(in.get(1)))))));
            case Op _ -> Optional.empty();
        };
    }

    private static boolean isLast(int axis, Value maps) {
        return maps.shape().rank() > 2
                && axis == maps.shape().rank() - 1
                && !maps.shape().batched();
    }

    // ---- BatchNorm

    /// As [BatchNorms] has it, with statistics in one pass: those of what the maps differ from the running mean by, so
    /// that few digits are lost where means are large, as soon as that has followed them.
    private static List<Value> norm(List<Value> in, Norm.BatchNorm op) {
        var count = count(in.get(0));
        var origin = in.get(3);
        var share = sum(wide(in.get(0)).sub(origin)).mul(1.0 / count);
        var squares = sum(wide(in.get(0)).sub(origin).square()).mul(1.0 / count);
        var variance = squares.sub(share.square()).relu(); // rounding may leave a constant channel less than nothing
        var mean = origin.add(share);
        var inv = variance.add(op.epsilon()).sqrt().reciprocal();
        var y = wide(in.get(0)).sub(mean).mul(inv).mul(in.get(1)).add(in.get(2));
        return List.of(
                narrow(op.relu() ? y.relu() : y),
                moved(in.get(3), mean, op.momentum()),
                moved(in.get(4), variance.mul((double) count / (count - 1)), op.momentum()),
                mean,
                inv);
    }

    private static Value moved(Value old, Value now, double momentum) {
        return old.mul(1 - momentum).add(now.mul(momentum));
    }

    /// `(dy, x, scale, mean, inverse deviation)`, and the bias where a ReLU follows, to `(dx, dscale, dbias)`.
    private static List<Value> normGradient(List<Value> in, Norm.BatchNormGrad op) {
        var share = 1.0 / count(in.get(1));
        var inv = in.get(4);
        var dbias = sum(beforeRelu(in, op));
        var dscale = sum(beforeRelu(in, op).mul(normal(in)));
        var projected = normal(in).mul(dscale).add(dbias).mul(share);
        var dx = beforeRelu(in, op).sub(projected).mul(in.get(2)).mul(inv);
        return List.of(narrow(dx), dscale, dbias);
    }

    private static Value beforeRelu(List<Value> in, Norm.BatchNormGrad op) {
        var dy = wide(in.get(0));
        if (!op.relu()) {
            return dy;
        }
        var y = normal(in).mul(in.get(2)).add(in.get(5));
        return dy.mul(y.relu().sign());
    }

    private static Value normal(List<Value> in) {
        return wide(in.get(1)).sub(in.get(3)).mul(in.get(4));
    }

    // ---- activations

    /// A function as others that formulas of rows hold, if it is not one of these.
    private static Optional<Value> value(UnaryFunction function, Value x) {
        return switch (function) {
            case SIGMOID -> Optional.of(sigmoid(x));
            case SILU -> Optional.of(x.div(x.neg().exp().add(1)));
            case HARD_SIGMOID -> Optional.of(hardSigmoid(x));
            case HARD_SWISH -> Optional.of(x.mul(hardSigmoid(x)));
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR, RELU, TANH -> Optional.empty();
        };
    }

    /// The derivative.
    ///
    /// @param v the function's operand, or its result
    private static Value slope(UnaryFunction function, Value v) {
        return switch (function) {
            case RELU -> v.sign();
            case SIGMOID -> v.mul(v.neg().add(1));
            case TANH -> v.square().neg().add(1);
            case SILU -> {
                var s = sigmoid(v);
                yield s.mul(v.mul(s.neg().add(1)).add(1));
            }
            case HARD_SIGMOID -> ramp(hardSigmoid(v));
            case HARD_SWISH -> {
                var h = hardSigmoid(v);
                yield h.add(v.mul(ramp(h)));
            }
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR ->
                throw new IllegalStateException(function + " has no derivative of its own");
        };
    }

    private static Value sigmoid(Value x) {
        return x.neg().exp().add(1).reciprocal();
    }

    /// `x / 6 + 1 / 2`, at least 0 and at most 1.
    private static Value hardSigmoid(Value x) {
        var line = x.mul(1.0 / 6).add(0.5).relu();
        return line.sub(line.add(-1).relu());
    }

    /// The derivative of `h = hardSigmoid(x)`.
    private static Value ramp(Value h) {
        return h.sign().mul(h.neg().add(1).sign()).mul(1.0 / 6);
    }

    // ---- vocabulary

    private static Value wide(Value x) {
        return x.cast(DType.FLOAT32);
    }

    private static Value narrow(Value x) {
        return x.cast(DType.BFLOAT16);
    }

    private static long count(Value maps) {
        return maps.shape().size() / maps.dim(-1);
    }

    /// The sum over all places of all maps, `[C]`.
    private static Value sum(Value maps) {
        return maps.sum(false, IntStream.range(0, maps.shape().rank() - 1).toArray());
    }
}
