package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.RowFormula;
import java.util.function.IntFunction;

/// What steps of a formula of rows compute for one element, as expressions of CUDA C++ over the functions of rows.cu.
final class RowExpressions {
    private RowExpressions() {}

    /// @param at the element of a register
    static String of(RowFormula.Step step, IntFunction<String> at) {
        return switch (step) {
            case RowFormula.Unary u -> function(u.function(), at.apply(u.x()));
            case RowFormula.Binary b -> Text.format("%s %s %s", at.apply(b.a()), sign(b.function()), at.apply(b.b()));
            case RowFormula.Round r -> Text.format("roundedToBf16(%s)", at.apply(r.x()));
            case RowFormula.Gelu g -> Text.format("gelu(%s)", at.apply(g.x()));
            case RowFormula.GeluGrad g -> Text.format("geluGradient(%s, %s)", at.apply(g.dy()), at.apply(g.x()));
            case RowFormula.Number _, RowFormula.RowSum _, RowFormula.LayerNorm _, RowFormula.LayerNormGrad _ ->
                throw new IllegalStateException(step + " is not computed element by element");
        };
    }

    static String number(double value) {
        var f = (float) value;
        return Text.format("__int_as_float(0x%x)", Float.floatToRawIntBits(f));
    }

    static String type(DType type) {
        return type == DType.BFLOAT16 ? "bf16" : "float";
    }

    private static String function(UnaryFunction function, String x) {
        return switch (function) {
            case NEG -> "-" + x;
            case EXP -> "expf(" + x + ")";
            case LOG -> "logf(" + x + ")";
            case SQRT -> "sqrtf(" + x + ")";
            case RECIPROCAL -> "1.0f / " + x;
            case SIN -> "sinf(" + x + ")";
            case COS -> "cosf(" + x + ")";
            case ERF -> "erff(" + x + ")";
            case RELU -> "positivePart(" + x + ")";
            case SIGN -> "signOf(" + x + ")";
            case ABS -> "fabsf(" + x + ")";
            case LOG_NDTR, SIGMOID, TANH, SILU, HARD_SIGMOID, HARD_SWISH -> throw notOfRows(function.label());
        };
    }

    private static String sign(BinaryFunction function) {
        return switch (function) {
            case ADD -> "+";
            case SUB -> "-";
            case MUL -> "*";
            case DIV -> "/";
            case MIN, MAX, POW -> throw notOfRows(function.label());
        };
    }

    private static IllegalArgumentException notOfRows(String function) {
        return new IllegalArgumentException(function + " cannot be in a formula of rows");
    }
}
