package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Nonlinearities of layers whose derivative has a better form than that of their parts.
public sealed interface Activation extends Op {
    /// `exp(x - max) / sum exp(x - max)` over the last axis.
    record Softmax() implements Activation {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }
    }

    /// `(dy, y)` to `y (dy - sum(dy y))`, the sum over the last axis.
    record SoftmaxGrad() implements Activation, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
        }
    }

    /// `(dy, y)` to `dy` where `y`, a result of ReLU, is positive, else 0.
    record ReluGrad() implements Activation, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
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
