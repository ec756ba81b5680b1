package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import dev.lejepa.graphs.Text;
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

    /// The elements at some places of one axis, in this order; a place may be taken several times.
    record Gather(int axis, List<Long> places) implements Movement {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.gather(in.getFirst(), axis, places));
        }

        @Override
        public String toString() {
            return Text.format("Gather[axis=%d, %d places]", axis, places.size());
        }
    }

    /// The gradient of [Gather]: every element of `dy` added up at its place.
    ///
    /// @param length of the axis before the gathering
    record GatherGrad(int axis, List<Long> places, long length) implements Movement, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.gatherGrad(in.getFirst(), axis, places, length));
        }

        @Override
        public String toString() {
            return Text.format("GatherGrad[axis=%d, %d places of %d]", axis, places.size(), length);
        }
    }
}
