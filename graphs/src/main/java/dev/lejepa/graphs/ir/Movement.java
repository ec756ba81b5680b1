package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import java.util.List;

/// Elements in other places or another shape, none of them changed.
public sealed interface Movement extends Op {
    record Reshape(Shape shape) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.reshape(in.getFirst(), shape));
        }
    }

    /// Axis `i` of the result is axis `perm[i]` of the operand. A batched leading axis stays where it is.
    record Transpose(List<Integer> perm) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.transpose(in.getFirst(), perm));
        }
    }

    /// Elements `start` to `end` (exclusive) of one axis.
    record Slice(int axis, long start, long end) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.slice(in.getFirst(), axis, start, end));
        }
    }

    /// One axis cut into pieces of these sizes.
    record Split(int axis, List<Long> sizes) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.split(in.getFirst(), axis, sizes);
        }
    }

    /// Zeros before and after one axis.
    record Pad(int axis, long before, long after) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.pad(in.getFirst(), axis, before, after));
        }
    }

    record Concat(int axis) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            return List.of(OpRules.concat(in, axis));
        }
    }

    /// The operand broadcast to `shape`.
    record Expand(Shape shape) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.expand(in.getFirst(), shape));
        }
    }
}
