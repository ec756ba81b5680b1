package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
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
            case Op.Add _ -> isScalar(in.get(1), 0) ? of(in.get(0)) : isScalar(in.get(0), 0) ? of(in.get(1)) : of();
            case Op.Mul _ -> isScalar(in.get(1), 1) ? of(in.get(0)) : isScalar(in.get(0), 1) ? of(in.get(1)) : of();
            case Op.Sub _ -> isScalar(in.get(1), 0) ? of(in.get(0)) : of();
            case Op.Div _ -> isScalar(in.get(1), 1) ? of(in.get(0)) : of();
            case Op.StopGradient _ -> of(in.get(0));
            case Op.Expand e -> in.get(0).shape().equals(e.shape()) ? of(in.get(0)) : of();
            case Op other -> of();
        };
    }

    /// The result of an operation on single numbers, if it is one.
    private static OptionalDouble number(Op op, List<Value> in) {
        if (in.isEmpty() || !in.stream().allMatch(ConstantFolding::isNumber)) {
            return OptionalDouble.empty();
        }
        return switch (op) {
            case Op.Unary u -> unary(u, element(in.getFirst()));
            case Op.Binary b -> OptionalDouble.of(binary(b, element(in.get(0)), element(in.get(1))));
            case Op.Reshape _ -> OptionalDouble.of(element(in.getFirst()));
            case Op other -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble unary(Op.Unary op, double x) {
        return switch (op) {
            case Op.Neg _ -> OptionalDouble.of(-x);
            case Op.Exp _ -> OptionalDouble.of(Math.exp(x));
            case Op.Log _ -> OptionalDouble.of(Math.log(x));
            case Op.Sqrt _ -> OptionalDouble.of(Math.sqrt(x));
            case Op.Reciprocal _ -> OptionalDouble.of(1 / x);
            case Op.Sin _ -> OptionalDouble.of(Math.sin(x));
            case Op.Cos _ -> OptionalDouble.of(Math.cos(x));
            case Op.Relu _ -> OptionalDouble.of(Math.max(x, 0));
            case Op.Sign _ -> OptionalDouble.of(Math.signum(x));
            case Op.Abs _ -> OptionalDouble.of(Math.abs(x));
            case Op.StopGradient _ -> OptionalDouble.of(x);
            case Op.Erf _, Op.Softmax _, Op.Gelu _, Op.LogNdtr _ -> OptionalDouble.empty();
        };
    }

    private static double binary(Op.Binary op, double a, double b) {
        return switch (op) {
            case Op.Add _ -> a + b;
            case Op.Sub _ -> a - b;
            case Op.Mul _ -> a * b;
            case Op.Div _ -> a / b;
        };
    }

    private static boolean isNumber(Value v) {
        return v.node().op() instanceof Op.Constant c
                && c.value().type().dtype() == DType.FLOAT32
                && c.value().type().shape().size() == 1;
    }

    private static boolean isScalar(Value v, double number) {
        return isNumber(v) && v.shape().equals(Shape.scalar()) && element(v) == number;
    }

    private static double element(Value v) {
        return ((Op.Constant) v.node().op()).value().get(0);
    }

    private static Optional<Value> of(Value v) {
        return Optional.of(v);
    }

    private static Optional<Value> of() {
        return Optional.empty();
    }
}
