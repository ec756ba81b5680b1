package dev.lejepa.graphs.autodiff;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/// Applications of every differentiable operator, with operands where it is smooth.
///
/// @param op the operator under test
/// @param shapes shapes of the operands that are differentiated
/// @param domain maps standard normal numbers to where the operator is smooth
/// @param f applies the operator
record OperatorCases(Op op, List<Shape> shapes, DoubleUnaryOperator domain, Function<List<Value>, List<Value>> f) {
    private static final Shape MATRIX = Shape.of(3, 4);
    private static final Shape ROW = Shape.of(4);
    private static final Shape CUBE = Shape.of(2, 3, 4);

    static Stream<OperatorCases> all() {
        return Stream.of(
                        unary(), binary(), powers(), products(), reductions(), layout(), composites(), ImageCases.all())
                .flatMap(s -> s);
    }

    private static Stream<OperatorCases> unary() {
        return Stream.of(
                of(UnaryFunction.NEG, x -> x, MATRIX),
                of(UnaryFunction.EXP, x -> x, MATRIX),
                of(UnaryFunction.LOG, OperatorCases::positive, MATRIX),
                of(UnaryFunction.SQRT, OperatorCases::positive, MATRIX),
                of(UnaryFunction.RECIPROCAL, OperatorCases::awayFromZero, MATRIX),
                of(UnaryFunction.SIN, x -> x, MATRIX),
                of(UnaryFunction.COS, x -> x, MATRIX),
                of(UnaryFunction.ERF, x -> x, MATRIX),
                of(UnaryFunction.LOG_NDTR, x -> x, MATRIX),
                of(UnaryFunction.LOG_NDTR, x -> x - 8, MATRIX),
                of(UnaryFunction.RELU, OperatorCases::awayFromZero, MATRIX),
                of(UnaryFunction.ABS, OperatorCases::awayFromZero, MATRIX),
                of(UnaryFunction.SIGMOID, x -> x, MATRIX),
                of(UnaryFunction.TANH, x -> x, MATRIX),
                of(UnaryFunction.SILU, x -> 3 * x, MATRIX),
                of(UnaryFunction.HARD_SIGMOID, OperatorCases::awayFromThree, MATRIX),
                of(UnaryFunction.HARD_SWISH, OperatorCases::awayFromThree, MATRIX),
                of(new Elementwise.Clip(-1, 1), OperatorCases::awayFromZero, MATRIX),
                of(new Elementwise.Clip(-3, 3), OperatorCases::awayFromThree, MATRIX),
                where(),
                of(new Elementwise.Cast(DType.FLOAT16), x -> x, MATRIX));
    }

    private static Stream<OperatorCases> binary() {
        return Stream.of(EnumSet.complementOf(EnumSet.of(BinaryFunction.POW)))
                .flatMap(EnumSet::stream)
                .map(Elementwise.Binary::new)
                .flatMap(op -> Stream.of(
                        of(op, OperatorCases::awayFromZero, MATRIX, MATRIX),
                        of(op, OperatorCases::awayFromZero, MATRIX, ROW),
                        of(op, OperatorCases::awayFromZero, Shape.of(3, 1), Shape.of(2, 1, 4)),
                        of(op, OperatorCases::awayFromZero, Shape.scalar(), MATRIX),
                        of(op, OperatorCases::awayFromZero, Shape.of(1, 1), Shape.of(4))));
    }

    private static Stream<OperatorCases> powers() {
        var pow = new Elementwise.Binary(BinaryFunction.POW);
        return Stream.of(
                of(pow, OperatorCases::positive, MATRIX, MATRIX),
                of(pow, OperatorCases::positive, MATRIX, Shape.of(3, 1)));
    }

    private static Stream<OperatorCases> products() {
        var flags = List.of(false, true);
        return flags.stream()
                .flatMap(a -> flags.stream()
                        .flatMap(b -> Stream.of(
                                of(new Product.MatMul(a, b, 0.5), x -> x, oriented(a, 3, 4), oriented(b, 4, 2)),
                                of(
                                        new Product.MatMul(a, b, 2),
                                        x -> x,
                                        oriented(a, 3, 4, 2, 5),
                                        oriented(b, 4, 2, 2, 5)),
                                of(new Product.MatMul(a, b, -1), x -> x, oriented(a, 3, 4, 2), oriented(b, 4, 2)),
                                of(new Product.MatMul(a, b, 1), x -> x, oriented(a, 3, 4), oriented(b, 4, 2, 2)),
                                of(new Product.MatMul(a, b, 1), x -> x, oriented(a, 3, 4, 2, 1), oriented(b, 4, 2, 5)),
                                of(new Product.Gemm(a, b), x -> x, oriented(a, 3, 4), oriented(b, 4, 2)),
                                of(
                                        new Product.Gemm(a, b),
                                        x -> x,
                                        oriented(a, 3, 4),
                                        oriented(b, 4, 2),
                                        Shape.of(2)))));
    }

    private static Stream<OperatorCases> reductions() {
        return Stream.of(List.of(0), List.of(1), List.of(0, 2), List.of(0, 1, 2))
                .flatMap(axes -> Stream.of(
                        of(new Reduction.ReduceMax(axes, false), x -> x, CUBE),
                        of(new Reduction.ReduceMax(axes, true), x -> x, CUBE),
                        of(new Reduction.ReduceSum(axes, false), x -> x, CUBE),
                        of(new Reduction.ReduceSum(axes, true), x -> x, CUBE),
                        of(new Reduction.ReduceMean(axes, false), x -> x, CUBE),
                        of(new Reduction.ReduceMean(axes, true), x -> x, CUBE)));
    }

    private static Stream<OperatorCases> layout() {
        return Stream.of(
                of(new Movement.Reshape(Shape.of(4, 6)), x -> x, CUBE),
                of(new Movement.Transpose(List.of(2, 0, 1)), x -> x, CUBE),
                of(new Movement.Slice(1, 1, 2), x -> x, CUBE),
                of(new Movement.Split(2, List.of(1L, 2L, 1L)), x -> x, CUBE),
                new OperatorCases(
                        new Movement.Split(2, List.of(1L, 2L, 1L)),
                        List.of(CUBE),
                        x -> x,
                        v -> v.getFirst().split(2, 1, 2, 1).subList(1, 2)),
                new OperatorCases(
                        new Movement.Split(2, List.of(1L, 2L, 1L)),
                        List.of(CUBE),
                        x -> x,
                        v -> v.getFirst().split(2, 1, 2, 1).subList(0, 2)),
                of(new Movement.Pad(1, 2, 1), x -> x, CUBE),
                of(new Movement.Gather(1, List.of(2L, 0L, 2L, 2L)), x -> x, CUBE),
                of(new Movement.Gather(2, List.of(2L, 0L, 3L, 1L)), x -> x, CUBE),
                of(new Movement.Concat(1), x -> x, CUBE, Shape.of(2, 1, 4), CUBE),
                of(new Movement.Expand(Shape.of(5, 3, 4)), x -> x, Shape.of(3, 1)),
                sort(MATRIX),
                sort(Shape.of(2, 7, 3)));
    }

    private static Stream<OperatorCases> composites() {
        var labels = Tensor.of(Shape.of(3), 1L, 0L, 3L);
        var statistics = Tensor.of(ROW, 0.1, 0.2, 0.3, 0.4);
        return Stream.of(
                of(new Activation.Softmax(), x -> x, CUBE),
                of(new Activation.Softmax(-2), x -> x, CUBE),
                of(new Activation.Softmax(-3), x -> x, CUBE),
                of(new Activation.Gelu(), x -> 2 * x, MATRIX),
                attention(2, Shape.of(2, 3, 12)),
                attention(1, Shape.of(1, 4, 6)),
                new OperatorCases(
                        new Norm.LayerNorm(1e-3),
                        List.of(CUBE, ROW, ROW),
                        x -> x,
                        v -> List.of(v.getFirst().layerNorm(v.get(1), v.get(2), 1e-3))),
                new OperatorCases(new Norm.BatchNorm(1e-3, 0.1), List.of(Shape.of(5, 4), ROW, ROW), x -> x, v -> {
                    var running = v.getFirst().graph().constant(statistics);
                    return apply(new Norm.BatchNorm(1e-3, 0.1), v.get(0), v.get(1), v.get(2), running, running)
                            .subList(0, 1);
                }),
                of(new Statistic.Ecf(5, 0.75), x -> x, CUBE),
                new OperatorCases(
                        new Statistic.Ecf(5, 0.75),
                        List.of(CUBE),
                        x -> x,
                        v -> apply(new Statistic.Ecf(5, 0.75), v.getFirst()).subList(1, 2)),
                new OperatorCases(
                        new Loss.SoftmaxCrossEntropy(),
                        List.of(MATRIX),
                        x -> x,
                        v -> apply(
                                new Loss.SoftmaxCrossEntropy(),
                                v.getFirst(),
                                v.getFirst().graph().constant(labels))));
    }

    private static OperatorCases of(Op op, DoubleUnaryOperator domain, Shape... shapes) {
        return new OperatorCases(
                op, List.of(shapes), domain, v -> v.getFirst().graph().apply(op, v));
    }

    private static OperatorCases of(UnaryFunction function, DoubleUnaryOperator domain, Shape shape) {
        return of(new Elementwise.Unary(function), domain, shape);
    }

    private static OperatorCases where() {
        return new OperatorCases(new Elementwise.Where(), List.of(ROW, MATRIX), x -> x, v -> {
            var row = v.get(0);
            return List.of(row.compare(Comparison.LESS, v.get(1)).where(row.mul(2), v.get(1)));
        });
    }

    private static OperatorCases attention(int heads, Shape qkv) {
        return new OperatorCases(
                new SelfAttention.Attention(heads),
                List.of(qkv),
                x -> x,
                v -> List.of(v.getFirst().attention(heads)));
    }

    /// The permutation has no gradient; random values are distinct.
    private static OperatorCases sort(Shape shape) {
        return new OperatorCases(
                new Statistic.Sort(),
                List.of(shape),
                x -> x,
                v -> List.of(v.getFirst().sort()));
    }

    private static List<Value> apply(Op op, Value... operands) {
        return operands[0].graph().apply(op, operands);
    }

    /// A shape of leading axes, then rows and columns, exchanged where the operator exchanges them back.
    private static Shape oriented(boolean exchanged, long rows, long cols, long... lead) {
        var dims = java.util.Arrays.copyOf(lead, lead.length + 2);
        dims[lead.length] = exchanged ? cols : rows;
        dims[lead.length + 1] = exchanged ? rows : cols;
        return Shape.of(dims);
    }

    private static double positive(double x) {
        return 0.5 + x * x;
    }

    /// Left and right of both numbers where hard functions bend.
    private static double awayFromThree(double x) {
        return 3 * x + Math.copySign(Math.abs(x) < 1 ? -0.1 : 0.1, x);
    }

    private static double awayFromZero(double x) {
        return x + Math.copySign(0.5, x);
    }

    @Override
    public String toString() {
        return op + " of " + shapes;
    }
}
