package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import java.util.EnumSet;
import java.util.Set;

/// What a formula of rows can hold.
final class RowOps {
    /// Elements that are read at once; rows of other lengths would not begin where such a read may.
    private static final int VECTOR = 4;

    /// The longest row that a LayerNorm keeps in registers.
    private static final int LONGEST = 4096;

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
        var type = n.outputs().getFirst().type();
        return isRows(type)
                && n.inputs().stream().allMatch(v -> isNumber(v.type()))
                && switch (n.op()) {
                    case Elementwise.Unary u -> UNARY.contains(u.function());
                    case Elementwise.Binary b -> BINARY.contains(b.function());
                    case Elementwise.Cast _, Activation.Gelu _, Activation.GeluGrad _ -> true;
                    case Norm.LayerNorm _, Norm.LayerNormGrad _ -> type.shape().dim(-1) <= LONGEST;
                    case Op _ -> false;
                };
    }

    static boolean isNorm(Node n) {
        return n.op() instanceof Norm;
    }

    /// Whether a node alone is worth a kernel of ours: ONNX Runtime's for elementary functions and casts move as few
    /// bytes.
    static boolean isComposite(Node n) {
        return !(n.op() instanceof Elementwise);
    }

    static boolean isRows(Type type) {
        return isNumber(type)
                && type.shape().rank() >= 2
                && type.shape().dim(-1) % VECTOR == 0
                && type.shape().size() > 0;
    }

    private static boolean isNumber(Type type) {
        return type.dtype() == DType.FLOAT32 || type.dtype() == DType.BFLOAT16;
    }
}
