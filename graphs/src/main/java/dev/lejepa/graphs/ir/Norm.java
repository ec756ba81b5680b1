package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Normalization by mean and variance.
public sealed interface Norm extends Op {
    /// `(x, scale, bias)` to `(y, mean, inverse standard deviation)` over the last axis; the statistics keep that axis
    /// with length 1, use the biased variance and are float32.
    ///
    /// @param result element type that `y` is rounded to
    record LayerNorm(double epsilon, DType result) implements Norm {
        /// The norm with a float32 result.
        public LayerNorm(double epsilon) {
            this(epsilon, DType.FLOAT32);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            return OpRules.layerNorm(in, result);
        }
    }

    /// `(dy, x, scale, mean, inverse standard deviation)` to `(dx, dscale, dbias)`.
    record LayerNormGrad() implements Norm, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1), in.get(2), in.get(2));
        }
    }

    /// Training-mode BatchNorm: `(x, scale [C], bias, running mean, running variance)` to
    /// `(y, new running mean, new running variance, batch mean, inverse standard deviation)`. Every channel is
    /// normalized over all other axes by its biased batch variance; the running variance takes the unbiased one, as
    /// torch's does. Statistics are float32, `y` has the element type of `x`.
    ///
    /// @param axis of the channels
    /// @param momentum weight of the batch in the running statistics (torch's meaning: 0.1)
    /// @param relu whether `y` goes through a ReLU
    /// @param processes over whose operands, all of one shape, the statistics are
    record BatchNorm(int axis, double epsilon, double momentum, boolean relu, int processes) implements Norm {
        /// The norm without a ReLU, of one process.
        public BatchNorm(int axis, double epsilon, double momentum) {
            this(axis, epsilon, momentum, false, 1);
        }

        /// The norm of rows `[R, C]`.
        public BatchNorm(double epsilon, double momentum) {
            this(1, epsilon, momentum);
        }

        /// The same, with or without a ReLU.
        public BatchNorm withRelu(boolean after) {
            return new BatchNorm(axis, epsilon, momentum, after, processes);
        }

        /// The same over so many processes.
        public BatchNorm over(int number) {
            return new BatchNorm(axis, epsilon, momentum, relu, number);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            return OpRules.batchNorm(in, axis);
        }
    }

    /// `(dy, x, scale, batch mean, inverse standard deviation)`, and the bias where the norm has a ReLU, to
    /// `(dx, dscale, dbias)`.
    ///
    /// @param axis of the channels
    /// @param relu whether the norm's result went through a ReLU, which the gradient then passes first
    /// @param processes over whose operands the statistics are; `dscale` and `dbias` are of this one's alone
    record BatchNormGrad(int axis, boolean relu, int processes) implements Norm, Op.Backward {
        /// The gradient of the norm without a ReLU, of one process.
        public BatchNormGrad(int axis) {
            this(axis, false, 1);
        }

        /// The same, with or without a ReLU.
        public BatchNormGrad withRelu(boolean after) {
            return new BatchNormGrad(axis, after, processes);
        }

        /// The same over so many processes.
        public BatchNormGrad over(int number) {
            return new BatchNormGrad(axis, relu, number);
        }

        /// The gradient of the norm of rows `[R, C]`.
        public BatchNormGrad() {
            this(1);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, relu ? 6 : 5);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1), in.get(2), in.get(2));
        }
    }
}
