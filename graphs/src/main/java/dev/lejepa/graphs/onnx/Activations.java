package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
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
