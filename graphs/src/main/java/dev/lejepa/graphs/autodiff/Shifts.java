package dev.lejepa.graphs.autodiff;

import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// What a vector, such as a bias, does to the values that are made of it: nothing, the same shift of every row, or
/// anything else.
///
/// A BatchNorm takes the mean of its rows away, and so whatever shifted them all alike. A bias that does nothing else
/// has no gradient. Summed up row by row it would be rounding, of which an optimizer that divides by the size of
/// gradients, as Adam does, makes steps of the full learning rate.
final class Shifts {
    /// What the vector does to a value.
    private sealed interface Effect permits None, Shift, Any {}

    private record None() implements Effect {}

    /// The same numbers along one axis, wherever on the others, are added to the value.
    ///
    /// @param axis from the end: 1 is the last
    /// @param made what the numbers were made by; equal ones made equal numbers
    private record Shift(int axis, Object made) implements Effect {}

    private record Any() implements Effect {}

    /// @param op the product of the shift and the matrix
    private record Times(Object shift, Op op, Value matrix) {}

    private final Map<Value, Effect> effects = new HashMap<>();

    private Shifts(Value vector) {
        effects.put(vector, new Shift(1, vector));
        for (var node : vector.graph().nodes()) {
            if (node.inputs().stream().anyMatch(effects::containsKey)) {
                visit(node);
            }
        }
    }

    /// Whether a value does not depend on an input of rank 1 because all that it does is taken away again.
    static boolean takenAway(Value value, Value vector) {
        return vector.shape().rank() == 1
                && vector.node().op() instanceof Leaf.Input
                && !new Shifts(vector).effects.containsKey(value);
    }

    private void visit(Node node) {
        var y = node.outputs().getFirst();
        switch (node.op()) {
            case Norm.LayerNorm _ when only(node, 2) -> effects.put(y, of(node, 2));
            case Norm.BatchNorm norm
            when only(node, 0) && along(node, 0, y.shape().rank() - norm.axis()) ->
                node.outputs().subList(1, node.outputs().size()).forEach(v -> effects.put(v, new Any()));
            case Product.Gemm _ when only(node, 2) -> put(node, of(node, 2));
            case Product.Gemm gemm when only(node, 0) && !gemm.transA() -> put(node, product(node));
            case Product.MatMul product when only(node, 0) && !product.transA() -> put(node, product(node));
            case Elementwise.Binary(var function) when function == BinaryFunction.ADD -> put(node, sum(node));
            case Elementwise.Cast _, Movement.Expand _ -> put(node, wide(node, 0) ? of(node, 0) : new Any());
            case Elementwise.StopGradient _ -> {}
            case Movement.Reshape _ -> put(node, along(node, 0, 1) && wide(node, 0) ? of(node, 0) : new Any());
            case Movement.Slice slice -> put(node, across(node, slice.axis()));
            case Movement.Split split -> put(node, across(node, split.axis()));
            case Movement.Gather gather -> put(node, across(node, gather.axis()));
            case Movement.Concat concat when alike(node) -> put(node, across(node, concat.axis()));
            case Reduction.ReduceMean mean -> put(node, mean(node, mean));
            case Op _ -> put(node, new Any());
        }
    }

    private void put(Node node, Effect effect) {
        node.outputs().forEach(v -> effects.put(v, effect));
    }

    private Effect of(Node node, int operand) {
        return effects.getOrDefault(node.inputs().get(operand), new None());
    }

    /// Whether this operand is shifted and no other one depends on the vector.
    private boolean only(Node node, int operand) {
        return operand < node.inputs().size()
                && IntStream.range(0, node.inputs().size())
                        .allMatch(i -> i == operand ? of(node, i) instanceof Shift : of(node, i) instanceof None);
    }

    private boolean along(Node node, int operand, int axis) {
        return of(node, operand) instanceof Shift shift && shift.axis == axis;
    }

    /// Whether the axis of an operand's shift is as long in the result.
    private boolean wide(Node node, int operand) {
        var from = node.inputs().get(operand).shape();
        var to = node.outputs().getFirst().shape();
        return of(node, operand) instanceof Shift(var axis, var _)
                && axis <= to.rank()
                && from.dim(-axis) == to.dim(-axis);
    }

    /// A shift of all rows, times one matrix for them all.
    private Effect product(Node node) {
        var matrix = node.inputs().get(1);
        return of(node, 0) instanceof Shift(var axis, var made)
                        && axis == 1
                        && matrix.shape().rank() == 2
                ? new Shift(1, new Times(made, node.op(), matrix))
                : new Any();
    }

    private Effect sum(Node node) {
        for (var i = 0; i < 2; i++) {
            if (only(node, i) && wide(node, i)) {
                return of(node, i);
            }
        }
        return new Any();
    }

    /// What a node keeps that puts together or takes apart another axis than the shift's.
    private Effect across(Node node, int axis) {
        var rank = node.inputs().getFirst().shape().rank();
        return along(node, 0, rank - axis) ? new Any() : of(node, 0);
    }

    private boolean alike(Node node) {
        return IntStream.range(0, node.inputs().size())
                        .mapToObj(i -> of(node, i))
                        .distinct()
                        .count()
                == 1;
    }

    private Effect mean(Node node, Reduction.ReduceMean mean) {
        var rank = node.inputs().getFirst().shape().rank();
        if (!(of(node, 0) instanceof Shift(var axis, var made)) || mean.axes().contains(rank - axis)) {
            return new Any();
        }
        var after = (int) mean.axes().stream().filter(a -> a > rank - axis).count();
        return new Shift(mean.keepDims() ? axis : axis - after, made);
    }
}
