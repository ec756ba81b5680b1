package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.List;

/// What the operators of `dev.lejepa` on bfloat16 mean: the operator on float32, with operands widened and results
/// rounded.
final class RoundedFunctions {
    private RoundedFunctions() {}

    static void define(OwnOperator op, Form form, FunctionBody f) {
        var signature = op.on(form);
        var inside = op.operandNames().toArray(new String[0]);
        for (var i = 0; i < inside.length; i++) {
            if (signature.operands().get(i) == DType.BFLOAT16) {
                inside[i] = f.node("Cast", List.of(inside[i]), to(DType.FLOAT32));
            }
        }
        var results = op.resultNames();
        var exact = results.toArray(new String[0]);
        for (var i = 0; i < exact.length; i++) {
            if (signature.results().get(i) == DType.BFLOAT16) {
                exact[i] += "_exact";
            }
        }
        f.defineOurs(
                List.of(exact),
                op.name(Form.FLOAT32),
                List.of(inside),
                op.attributes().stream().map(f::own).toList());
        for (var i = 0; i < exact.length; i++) {
            if (signature.results().get(i) == DType.BFLOAT16) {
                f.define(results.get(i), "Cast", List.of(exact[i]), to(DType.BFLOAT16));
            }
        }
    }

    /// An operator of ONNX, on widened operands.
    static void wide(
            FunctionBody f, Form form, List<String> operands, String result, String op, AttributeProto... attributes) {
        var wide = operands.stream()
                .map(x -> f.node("Cast", List.of(x), to(DType.FLOAT32)))
                .toList();
        f.define(result, "Cast", List.of(f.node(op, wide, attributes)), to(form.result()));
    }

    static void layerNorm(FunctionBody f, Form form) {
        f.define(
                List.of("Y_exact", "mean", "inv_std_dev"),
                "LayerNormalization",
                List.of("X", "scale", "bias"),
                attribute("axis", -1L),
                f.ownReal("epsilon"));
        f.define("Y", "Cast", List.of("Y_exact"), to(form.result()));
    }

    static void cast(FunctionBody f, Form form) {
        f.define("Y", "Cast", List.of("X"), to(form.result()));
    }

    private static AttributeProto to(DType type) {
        return attribute("to", Protos.dataType(type).getNumber());
    }
}
