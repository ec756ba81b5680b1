package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import java.util.List;

/// What begins a graph: values that no node computes.
public sealed interface Leaf extends Op {
    /// A value fed at every run: parameters, batches, random draws, learning rates.
    record Input(String label, Type type) implements Leaf {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 0);
            return List.of(type);
        }
    }

    /// A tensor that is part of the graph.
    record Constant(Tensor value) implements Leaf {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 0);
            return List.of(value.type());
        }
    }
}
