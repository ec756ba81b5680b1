package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;

import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.List;

/// Functions of one number and the derivatives that are operators. On host cores the derivatives, and functions that
/// ONNX Runtime has no kernel for, are operators of ours.
final class Activations {
    /// `x / 6 + 1 / 2` between 0 and 1.
    static final AttributeProto[] HARD_SIGMOID = {attribute("alpha", 1.0 / 6), attribute("beta", 0.5)};

    /// QuickGelu is `x sigmoid(alpha x)`.
    private static final AttributeProto SILU = attribute("alpha", 1.0);

    private Activations() {}

    static List<Ref> value(Site s, UnaryFunction function) {
        return switch (function) {
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS -> s.onnx(function.label());
            case LOG_NDTR -> List.of(Normals.logCdf(s));
            case RELU -> s.has(OwnOperator.RELU) ? s.ours(OwnOperator.RELU) : s.onnx("Relu");
            case SIGMOID -> s.has(OwnOperator.SIGMOID) ? s.ours(OwnOperator.SIGMOID) : s.onnx("Sigmoid");
            case TANH -> s.has(OwnOperator.TANH) ? s.ours(OwnOperator.TANH) : s.onnx("Tanh");
            case HARD_SIGMOID ->
                s.has(OwnOperator.HARD_SIGMOID)
                        ? s.ours(OwnOperator.HARD_SIGMOID)
                        : wide(s, GraphWriter.STANDARD, "HardSigmoid", HARD_SIGMOID);
            case HARD_SWISH ->
                s.has(OwnOperator.HARD_SWISH)
                        ? s.ours(OwnOperator.HARD_SWISH)
                        : wide(s, GraphWriter.STANDARD, "HardSwish");
            case SILU ->
                s.has(OwnOperator.SILU)
                        ? s.ours(OwnOperator.SILU)
                        : s.has(LAYER_KERNELS)
                                ? s.fused("QuickGelu", SILU)
                                : s.formula(in ->
                                        List.of(in.getFirst().mul(in.getFirst().sigmoid())));
        };
    }

    static List<Ref> value(Site s, BinaryFunction function) {
        return switch (function) {
            case ADD -> s.has(OwnOperator.ADD) ? narrow(s, OwnOperator.ADD) : s.onnx("Add");
            case MUL -> s.has(OwnOperator.MUL) ? narrow(s, OwnOperator.MUL) : s.onnx("Mul");
            case SUB, DIV, MIN, MAX, POW -> s.onnx(function.label());
        };
    }

    /// The kernels know rows that all rows of the result share, or those of each item of the first axis.
    private static List<Ref> narrow(Site s, OwnOperator op) {
        var shape = s.type().shape();
        var a = s.in(0).shape();
        var b = s.in(1).shape();
        return a.equals(shape) && isRow(b, shape) || b.equals(shape) && isRow(a, shape)
                ? s.ours(op)
                : wide(s, GraphWriter.STANDARD, op.name(Form.FLOAT32));
    }

    /// Whether a shape, without its first axis or with that as the other's, is ones and then what the other ends with.
    private static boolean isRow(Shape row, Shape of) {
        if (row.equals(of) || of.batched()) {
            return row.equals(of);
        }
        var missing = of.rank() - row.rank();
        var at = row.rank() - 1;
        while (at >= 0 && row.dim(at) == of.dim(at + missing)) {
            at--;
        }
        for (var i = at; i > 0; i--) {
            if (row.dim(i) != 1) {
                return false;
            }
        }
        return at <= 0 || row.dim(0) == 1 || missing == 0 && row.dim(0) == of.dim(0);
    }

    static List<Ref> gradient(Site s, Elementwise.UnaryGrad op) {
        var ours = ours(op.function());
        if (s.has(ours)) {
            return s.ours(ours);
        }
        if (!s.has(LAYER_KERNELS)) {
            return parts(s, op);
        }
        return switch (op.function()) {
            case RELU, SIGMOID, TANH -> wide(s, GraphWriter.MICROSOFT, op.name());
            case SILU -> s.fused("QuickGeluGrad", SILU);
            case HARD_SIGMOID, HARD_SWISH -> parts(s, op);
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR ->
                throw new IllegalStateException(op + " does not exist");
        };
    }

    private static OwnOperator ours(UnaryFunction function) {
        return switch (function) {
            case RELU -> OwnOperator.RELU_GRAD;
            case SIGMOID -> OwnOperator.SIGMOID_GRAD;
            case TANH -> OwnOperator.TANH_GRAD;
            case SILU -> OwnOperator.SILU_GRAD;
            case HARD_SIGMOID -> OwnOperator.HARD_SIGMOID_GRAD;
            case HARD_SWISH -> OwnOperator.HARD_SWISH_GRAD;
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, SIGN, ABS, LOG_NDTR ->
                throw new IllegalStateException(function + " has no derivative of its own");
        };
    }

    private static List<Ref> parts(Site s, Elementwise.UnaryGrad op) {
        return s.formula(in -> List.of(op.parts(in.get(0), in.get(1))));
    }

    /// An operator whose kernels compute float32 alone.
    private static List<Ref> wide(Site s, String domain, String op, AttributeProto... attributes) {
        if (s.type().dtype() == DType.FLOAT32) {
            return s.whole(domain, op, s.in(), attributes);
        }
        var operands = s.in().stream().map(r -> s.cast(r, DType.FLOAT32)).toList();
        var type = new Type(DType.FLOAT32, s.type().shape());
        return List.of(
                s.cast(s.node(domain, op, type, operands, attributes), s.type().dtype()));
    }
}
