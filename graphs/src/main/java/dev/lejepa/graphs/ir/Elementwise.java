package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.elementwise;

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
