package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.reduced;

import java.util.List;

/// One number for all elements of some axes.
public sealed interface Reduction extends Op {
    /// The sum over `axes` (numbers from 0, ascending).
    record ReduceSum(List<Integer> axes, boolean keepDims) implements Reduction {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(reduced(in.getFirst(), axes, keepDims));
        }
    }

    /// The mean over `axes` (numbers from 0, ascending).
    record ReduceMean(List<Integer> axes, boolean keepDims) implements Reduction {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(reduced(in.getFirst(), axes, keepDims));
        }
    }

    /// The largest element over `axes` (numbers from 0, ascending). Its gradient is shared evenly among equal ones, as
    /// that of torch's `amax` is.
    record ReduceMax(List<Integer> axes, boolean keepDims) implements Reduction {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(reduced(in.getFirst(), axes, keepDims));
        }
    }
}
