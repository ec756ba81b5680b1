package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.List;

/// What the operators of `dev.lejepa` on bfloat16 mean: the operator on float32, with operands widened and results
/// rounded, sums with a bias too.
final class RoundedFunctions {
    private RoundedFunctions() {}

    static void define(OwnOperator op, Form form, FunctionBody f) {
        if (op == OwnOperator.BIASED_ATTENTION) {
            biasedAttention(f);
        } else if (op == OwnOperator.BIASED_ATTENTION_GRAD) {
            biasedAttentionGrad(f);
        } else {
            widened(op, form, f);
        }
    }

    private static void widened(OwnOperator op, Form form, FunctionBody f) {
        var signature = op.on(form);
        var inside = op.operandNames().toArray(new String[0]);
        for (var i = 0; i < inside.length; i++) {
            if (signature.operands().get(i) == DType.BFLOAT16) {
                inside[i] = wide(f, inside[i]);
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
        var wide = operands.stream().map(x -> wide(f, x)).toList();
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

    private static void biasedAttention(FunctionBody f) {
        f.defineOurs(
                List.of("Y_exact", "L"),
                OwnOperator.ATTENTION.name(Form.FLOAT32),
                List.of(biased(f)),
                List.of(f.own("heads")));
        f.define("Y", "Cast", List.of("Y_exact"), to(DType.BFLOAT16));
    }

    private static void biasedAttentionGrad(FunctionBody f) {
        f.defineOurs(
                List.of("dQKV_exact"),
                OwnOperator.ATTENTION_GRAD.name(Form.FLOAT32),
                List.of(wide(f, "dY"), biased(f), wide(f, "Y"), "L"),
                List.of(f.own("heads")));
        f.define("dQKV", "Cast", List.of("dQKV_exact"), to(DType.BFLOAT16));
        f.define("dB", "ReduceSum", List.of("dQKV_exact", f.integers(0, 1)), attribute("keepdims", 0L));
    }

    /// The rounded sum of `QKV` and `B`, in float32.
    private static String biased(FunctionBody f) {
        var sum = f.node("Add", List.of(wide(f, "QKV"), "B"));
        return wide(f, f.node("Cast", List.of(sum), to(DType.BFLOAT16)));
    }

    private static String wide(FunctionBody f, String x) {
        return f.node("Cast", List.of(x), to(DType.FLOAT32));
    }

    static void cast(FunctionBody f, Form form) {
        f.define("Y", "Cast", List.of("X"), to(form.result()));
    }

    private static AttributeProto to(DType type) {
        return attribute("to", Protos.dataType(type).getNumber());
    }
}
