package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.elementwise;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// What is computed element by element.
public sealed interface Elementwise extends Op {
    /// A function of one operand; the result has its shape.
    record Unary(UnaryFunction function) implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }

        @Override
        public String name() {
            return function.label();
        }

        @Override
        public String toString() {
            return name() + "[]";
        }
    }

    /// A function of two operands, which broadcast as NumPy's do.
    record Binary(BinaryFunction function) implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            return elementwise(in.get(0), in.get(1));
        }

        @Override
        public String name() {
            return function.label();
        }

        @Override
        public String toString() {
            return name() + "[]";
        }
    }

    /// `(dy, v)` to `dy` times the derivative of a function that has it as an operator.
    record UnaryGrad(UnaryFunction function) implements Elementwise, Op.Backward {
        public UnaryGrad {
            if (!function.hasGrad()) {
                throw new IllegalArgumentException(function + " has no derivative of its own");
            }
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
        }

        @Override
        public String name() {
            return function.label() + "Grad";
        }

        /// The same by other operators.
        public Value parts(Value dy, Value v) {
            return switch (function) {
                case RELU -> dy.mul(v.sign());
                case SIGMOID -> dy.mul(v.mul(v.neg().add(1)));
                case TANH -> dy.mul(v.square().neg().add(1));
                case SILU -> {
                    var s = v.sigmoid();
                    yield dy.mul(s.mul(v.mul(s.neg().add(1)).add(1)));
                }
                case HARD_SIGMOID -> dy.mul(ramp(v.hardSigmoid()));
                case HARD_SWISH -> {
                    var h = v.hardSigmoid();
                    yield dy.mul(h.add(v.mul(ramp(h))));
                }
                case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR ->
                    throw new IllegalStateException(function + " has no derivative of its own");
            };
        }

        /// The derivative of `h = hardSigmoid(x)`.
        private static Value ramp(Value h) {
            return h.sign().mul(h.neg().add(1).sign()).mul(1.0 / 6);
        }

        @Override
        public String toString() {
            return name() + "[]";
        }
    }

    /// The operand where it lies between two numbers, else the nearer of them. Its derivative is taken to be 0 where it
    /// reaches these.
    record Clip(double min, double max) implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }
    }

    /// Whether something holds of two operands, which broadcast: bool.
    record Compare(Comparison comparison) implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            var both = elementwise(in.get(0), in.get(1)).getFirst();
            return List.of(new Type(DType.BOOL, both.shape()));
        }

        @Override
        public String name() {
            return comparison.label();
        }

        @Override
        public String toString() {
            return name() + "[]";
        }
    }

    /// `(condition, a, b)`, which broadcast, to elements of `a` where the condition holds and of `b` elsewhere.
    record Where() implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            return List.of(OpRules.where(in.get(0), in.get(1), in.get(2)));
        }
    }

    /// The operand itself; no gradient passes.
    record StopGradient() implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }
    }

    record Cast(DType to) implements Elementwise {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(new Type(to, in.getFirst().shape()));
        }
    }
}
