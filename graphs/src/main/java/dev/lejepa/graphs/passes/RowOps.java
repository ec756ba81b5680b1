package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/// What a formula of rows can hold.
final class RowOps {
    /// Elements that are read at once; rows of other lengths would not begin where such a read may.
    private static final int VECTOR = 4;

    /// The longest row that a LayerNorm keeps in registers.
    private static final int LONGEST = 4096;

    /// The longest row whose sums a block keeps in shared memory.
    private static final int LONGEST_SUM = 8192;

    private static final Set<UnaryFunction> UNARY = EnumSet.of(
            UnaryFunction.NEG,
            UnaryFunction.EXP,
            UnaryFunction.LOG,
            UnaryFunction.SQRT,
            UnaryFunction.RECIPROCAL,
            UnaryFunction.SIN,
            UnaryFunction.COS,
            UnaryFunction.ERF,
            UnaryFunction.RELU,
            UnaryFunction.SIGN,
            UnaryFunction.ABS);

    private static final Set<BinaryFunction> BINARY =
            EnumSet.of(BinaryFunction.ADD, BinaryFunction.SUB, BinaryFunction.MUL, BinaryFunction.DIV);

    private RowOps() {}

    static boolean fits(Node n) {
        var type = rows(n).type();
        return isRows(type)
                && n.inputs().stream().allMatch(v -> isNumber(v.type()))
                && switch (n.op()) {
                    case Elementwise.Unary u -> UNARY.contains(u.function());
                    case Elementwise.Binary b -> BINARY.contains(b.function());
                    case Elementwise.Cast _, Activation.Gelu _, Activation.GeluGrad _ -> true;
                    case Norm.LayerNorm _, Norm.LayerNormGrad _ -> type.shape().dim(-1) <= LONGEST;
                    case Reduction.ReduceSum s ->
                        isOverRows(s, type) && type.shape().dim(-1) <= LONGEST_SUM;
                    case Op _ -> false;
                };
    }

    /// The value whose shape a node's rows have: what a sum over rows reads, what all others make.
    static Value rows(Node n) {
        return isSum(n) ? n.inputs().getFirst() : n.outputs().getFirst();
    }

    /// The sum over all rows.
    static Reduction.ReduceSum overRows(Type type) {
        return new Reduction.ReduceSum(
                IntStream.range(0, type.shape().rank() - 1).boxed().toList(), false);
    }

    private static boolean isOverRows(Reduction.ReduceSum s, Type type) {
        return !type.shape().batched() && s.equals(overRows(type));
    }

    static boolean isSum(Node n) {
        return n.op() instanceof Reduction.ReduceSum;
    }

    /// How many sums over all rows a node makes.
    static int sums(Node n) {
        return isSum(n) ? 1 : n.op() instanceof Norm.LayerNormGrad ? 2 : 0;
    }

    static boolean isWidening(Node n) {
        return n.op() instanceof Elementwise.Cast c && c.to() == DType.FLOAT32;
    }

    /// Whether a product with a row of ones sums up the rows of its other operand.
    static boolean isProductWithOnes(Node n) {
        return n.inputs().size() == 2
                && n.op() instanceof Product.Gemm g
                && !g.transA()
                && !g.transB()
                && isRowOfOnes(n.inputs().getFirst());
    }

    private static boolean isRowOfOnes(Value v) {
        return switch (v.node().op()) {
            case Elementwise.Cast _ -> isRowOfOnes(v.node().inputs().getFirst());
            case Leaf.Constant c ->
                v.shape().rank() == 2 && v.dim(0) == 1 && c.value().equals(Tensor.filled(v.shape(), 1));
            case Op _ -> false;
        };
    }

    static boolean isNorm(Node n) {
        return n.op() instanceof Norm;
    }

    /// Whether a node alone is worth a kernel of ours: ONNX Runtime's for elementary functions and casts move as
    /// few bytes.
    static boolean isComposite(Node n) {
        return !(n.op() instanceof Elementwise);
    }

    static boolean isRows(Type type) {
        return isNumber(type)
                && type.shape().rank() >= 1
                && type.shape().dim(-1) % VECTOR == 0
                && type.shape().size() > 0;
    }

    private static boolean isNumber(Type type) {
        return type.dtype() == DType.FLOAT32 || type.dtype() == DType.BFLOAT16;
    }
}
