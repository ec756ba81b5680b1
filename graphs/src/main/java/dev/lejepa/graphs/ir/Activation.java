package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Nonlinearities of layers whose derivative has a better form than that of their parts.
public sealed interface Activation extends Op {
    /// `exp(x - max) / sum exp(x - max)` over one axis.
    ///
    /// @param axis counted from the end, so -1 is the last one
    record Softmax(int axis) implements Activation {
        /// Over the last axis.
        public Softmax() {
            this(-1);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.fromTheEnd(in.getFirst(), axis));
        }
    }

    /// `(dy, y)` to `y (dy - sum(dy y))`, the sum over that axis.
    ///
    /// @param axis counted from the end
    record SoftmaxGrad(int axis) implements Activation, Op.Backward {
        /// Over the last axis.
        public SoftmaxGrad() {
            this(-1);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(OpRules.fromTheEnd(in.get(1), axis));
        }
    }

    /// The sum of two tensors of one shape, or 0 where it is negative.
    record AddRelu() implements Activation, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(0));
        }
    }

    /// `x Phi(x)` with the exact normal distribution function.
    record Gelu() implements Activation {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }
    }

    /// `(dy, x)` to `dy (Phi(x) + x phi(x))`.
    record GeluGrad() implements Activation, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
        }
    }
}
