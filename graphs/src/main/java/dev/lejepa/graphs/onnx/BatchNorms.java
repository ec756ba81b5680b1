package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;

import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// BatchNorm in training. Rows `[R, C]` are few and small: matrices under a projector. Maps are large, so that what
/// reads and writes them least is chosen.
final class BatchNorms {
    private static final String PROCESSES = "processes";

    private BatchNorms() {}

    static List<Ref> batchNorm(Site s, Norm.BatchNorm op) {
        var own = op.relu() ? OwnOperator.BATCH_NORM_RELU : OwnOperator.BATCH_NORM;
        if (isOurs(s, own, op.axis())) {
            return s.ours(
                    own,
                    attribute("epsilon", op.epsilon()),
                    attribute("momentum", op.momentum()),
                    attribute(PROCESSES, (long) op.processes()));
        }
        requireAlone(op.processes());
        if (s.mixed()) {
            return s.wide(in -> apply(op, in));
        }
        if (op.relu()) {
            return s.formula(in -> {
                var y = new ArrayList<>(apply(op.withRelu(false), in));
                y.set(0, y.get(0).relu());
                return y;
            });
        }
        // ONNX Runtime's kernels for host cores, unlike those for CUDA, keep the biased variance.
        return isFused(s, op.axis())
                ? s.fused(
                        "BatchNormInternal",
                        attribute("epsilon", op.epsilon()),
                        attribute("momentum", 1 - op.momentum()))
                : s.formula(in -> batchNorm(sums(s, op.axis()), in, op));
    }

    static List<Ref> gradient(Site s, Norm.BatchNormGrad op) {
        var own = op.relu() ? OwnOperator.BATCH_NORM_RELU_GRAD : OwnOperator.BATCH_NORM_GRAD;
        if (isOurs(s, own, op.axis())) {
            return s.ours(own, attribute(PROCESSES, (long) op.processes()));
        }
        requireAlone(op.processes());
        if (s.mixed()) {
            return s.wide(in -> apply(op, in));
        }
        if (op.relu()) {
            return s.formula(in -> apply(op.withRelu(false), beforeRelu(in, op.axis())));
        }
        return isFused(s, op.axis())
                ? s.fused("BatchNormalizationGrad", attribute("epsilon", 0.0))
                : s.formula(in -> gradient(sums(s, op.axis()), in, op.axis()));
    }

    /// The operands of the gradient without a ReLU.
    private static List<Value> beforeRelu(List<Value> in, int axis) {
        var x = in.get(1);
        var normal = x.sub(beside(in.get(3), x, axis)).mul(beside(in.get(4), x, axis));
        var y = normal.mul(beside(in.get(2), x, axis)).add(beside(in.get(5), x, axis));
        var dy = in.get(0).mul(y.relu().sign());
        return List.of(dy, x, in.get(2), in.get(3), in.get(4));
    }

    /// No standard operator knows of other processes.
    private static void requireAlone(int processes) {
        if (processes > 1) {
            throw new UnsupportedOperationException(
                    "BatchNorm over processes has kernels for maps on host cores alone");
        }
    }

    private static boolean isOurs(Site s, OwnOperator operator, int axis) {
        var rank = s.type(0).shape().rank();
        return s.has(operator) && rank > 2 && axis == rank - 1;
    }

    private static boolean isFused(Site s, int axis) {
        return s.has(LAYER_KERNELS) && s.type(0).shape().rank() > 2 && axis == 1;
    }

    /// How sums over all axes but that of the channels are taken.
    @FunctionalInterface
    private interface ChannelSums {
        /// The sums, times a factor, in a shape that broadcasts.
        Value of(Value x, double factor);
    }

    private static ChannelSums sums(Site s, int axis) {
        if (s.type(0).shape().rank() == 2) {
            return s.lowering().sums()::of;
        }
        return (x, factor) -> x.sum(
                        true,
                        IntStream.range(0, x.shape().rank())
                                .filter(i -> i != axis)
                                .toArray())
                .mul(factor);
    }

    /// The formula of rows, with sums that are not rounded.
    static List<Value> ofRows(List<Value> in, Norm.BatchNorm op) {
        return batchNorm(Reductions.Sums.REDUCED::of, in, op);
    }

    /// The formula of the gradient of rows, likewise.
    static List<Value> gradientOfRows(List<Value> in, Norm.BatchNormGrad op) {
        return gradient(Reductions.Sums.REDUCED::of, in, op.axis());
    }

    /// `(x, scale, bias, running mean, running variance)` to
    /// `(y, new running mean, new running variance, mean, inverse deviation)`. ONNX's own operator keeps the biased
    /// variance in its running statistics, torch the unbiased one.
    private static List<Value> batchNorm(ChannelSums sums, List<Value> in, Norm.BatchNorm op) {
        var x = in.get(0);
        var columns = x.dim(op.axis());
        var rows = x.shape().size() / columns;
        var mean = sums.of(x, 1.0 / rows); // [1, C]
        var centered = x.sub(mean);
        var variance = sums.of(centered.square(), 1.0 / rows); // [1, C]
        var inv = variance.add(op.epsilon()).sqrt().reciprocal();
        var y = centered.mul(inv.mul(beside(in.get(1), x, op.axis()))).add(beside(in.get(2), x, op.axis()));
        var flatMean = mean.reshape(columns);
        var unbiased = op.momentum() * rows / (rows - 1);
        return List.of(
                y,
                in.get(3).mul(1 - op.momentum()).add(flatMean.mul(op.momentum())),
                in.get(4).mul(1 - op.momentum()).add(variance.reshape(columns).mul(unbiased)),
                flatMean,
                inv.reshape(columns));
    }

    /// `(dy, x, scale, mean, inverse deviation)` to `(dx, dscale, dbias)`:
    /// `dx = scale inv (dy - mean(dy) - xhat mean(dy xhat))`.
    private static List<Value> gradient(ChannelSums sums, List<Value> in, int axis) {
        var dy = in.get(0);
        var x = in.get(1);
        var columns = x.dim(axis);
        var inv = beside(in.get(4), x, axis);
        var share = (double) columns / x.shape().size();
        var normal = x.sub(beside(in.get(3), x, axis)).mul(inv);
        var dbias = sums.of(dy, 1); // [1, C]
        var dscale = sums.of(dy.mul(normal), 1); // [1, C]
        var dx = dy.sub(dbias.mul(share))
                .sub(normal.mul(dscale.mul(share)))
                .mul(beside(in.get(2), x, axis).mul(inv));
        return List.of(dx, dscale.reshape(columns), dbias.reshape(columns));
    }

    /// A vector `[C]` in a shape that broadcasts along the channels of `x`.
    private static Value beside(Value vector, Value x, int axis) {
        var after = x.shape().rank() - 1 - axis;
        if (after == 0) {
            return vector;
        }
        var dims = new long[1 + after];
        Arrays.fill(dims, 1);
        dims[0] = vector.dim(0);
        return vector.reshape(dims);
    }

    private static List<Value> apply(Norm op, List<Value> in) {
        return in.getFirst().graph().apply(op, in);
    }
}
