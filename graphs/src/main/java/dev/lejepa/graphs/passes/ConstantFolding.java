package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Computes arithmetic on single numbers while the graph is built, as float32 would, and drops products with 1 and
/// sums with 0. That is what differentiation leaves behind: cotangents of 1 times weights of losses times counts of
/// means. Constants that are left without a reader are for [DeadValues].
public final class ConstantFolding {
    private ConstantFolding() {}

    public static Graph fold(Graph graph) {
        return Rewriter.rewrite(graph, (node, operands, to) -> {
            var neutral = neutral(node.op(), operands);
            if (neutral.isPresent()) {
                return List.of(neutral.get());
            }
            var number = number(node.op(), operands);
            if (number.isPresent()) {
                var shape = node.output().shape();
                return List.of(to.graph().constant(Tensor.of(shape, (float) number.getAsDouble())));
            }
            return to.graph().apply(node.op(), operands);
        });
    }

    /// The operand that an operation leaves as it is.
    private static Optional<Value> neutral(Op op, List<Value> in) {
        return switch (op) {
            case Elementwise.Binary(var function) -> neutral(function, in.get(0), in.get(1));
            case Elementwise.StopGradient _ -> of(in.get(0));
            case Elementwise.Unary _, Elementwise.UnaryGrad _, Elementwise.Cast _ -> of();
            case Elementwise.Clip _, Elementwise.Compare _, Elementwise.Where _ -> of();
            case Movement.Expand e -> in.get(0).shape().equals(e.shape()) ? of(in.get(0)) : of();
            case Movement.Reshape _, Movement.Transpose _, Movement.Slice _, Movement.Split _ -> of();
            case Movement.Pad _, Movement.Concat _, Movement.Gather _, Movement.GatherGrad _ -> of();
            case Leaf _, Product _, Convolution _, Pooling _, Reduction _, Activation _, SelfAttention _, Norm _ ->
                of();
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> of();
        };
    }

    private static Optional<Value> neutral(BinaryFunction function, Value a, Value b) {
        return switch (function) {
            case ADD -> isScalar(b, 0) ? of(a) : isScalar(a, 0) ? of(b) : of();
            case MUL -> isScalar(b, 1) ? of(a) : isScalar(a, 1) ? of(b) : of();
            case SUB -> isScalar(b, 0) ? of(a) : of();
            case DIV, POW -> isScalar(b, 1) ? of(a) : of();
            case MIN, MAX -> of();
        };
    }

    /// The result of an operation on single numbers, if it is one.
    private static OptionalDouble number(Op op, List<Value> in) {
        if (in.isEmpty() || !in.stream().allMatch(ConstantFolding::isNumber)) {
            return OptionalDouble.empty();
        }
        return switch (op) {
            case Elementwise.Unary(var function) -> number(function.apply(element(in.getFirst())));
            case Elementwise.Binary(var function) -> number(function.apply(element(in.get(0)), element(in.get(1))));
            case Elementwise.StopGradient _, Movement.Reshape _ -> number(element(in.getFirst()));
            case Elementwise.UnaryGrad _, Elementwise.Cast _, Elementwise.Clip _ -> OptionalDouble.empty();
            case Elementwise.Compare _, Elementwise.Where _ -> OptionalDouble.empty();
            case Movement.Transpose _, Movement.Slice _, Movement.Split _, Movement.Pad _ -> OptionalDouble.empty();
            case Movement.Concat _, Movement.Expand _, Movement.Gather _, Movement.GatherGrad _ ->
                OptionalDouble.empty();
            case Leaf _, Product _, Convolution _, Pooling _, Reduction _, Activation _, SelfAttention _, Norm _ ->
                OptionalDouble.empty();
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble number(double x) {
        return OptionalDouble.of(x);
    }

    private static boolean isNumber(Value v) {
        return v.node().op() instanceof Leaf.Constant c
                && c.value().type().dtype() == DType.FLOAT32
                && c.value().type().shape().size() == 1;
    }

    private static boolean isScalar(Value v, double number) {
        return isNumber(v) && v.shape().equals(Shape.scalar()) && element(v) == number;
    }

    private static double element(Value v) {
        return ((Leaf.Constant) v.node().op()).value().get(0);
    }

    private static Optional<Value> of(Value v) {
        return Optional.of(v);
    }

    private static Optional<Value> of() {
        return Optional.empty();
    }
}
