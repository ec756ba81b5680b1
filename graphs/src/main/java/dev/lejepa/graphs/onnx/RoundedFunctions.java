package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import java.util.List;

/// What the operators of `dev.lejepa` on bfloat16 mean: the operator on float32, with operands widened and results
/// rounded.
final class RoundedFunctions {
    private static final DType WIDE = DType.FLOAT32;
    private static final DType NARROW = DType.BFLOAT16;

    /// An operand or a result of a function.
    private record Tensor(String name, DType type) {}

    private RoundedFunctions() {}

    static List<FunctionProto> all() {
        return List.of(
                gemm(NARROW),
                gemm(WIDE),
                rounded("Gelu", List.of(narrow("X")), List.of(narrow("Y"))),
                rounded("GeluGrad", List.of(narrow("dY"), narrow("X")), List.of(narrow("dX"))),
                rounded(
                        "Attention",
                        List.of(narrow("QKV")),
                        List.of(narrow("Y"), wide("L")),
                        FunctionBody.own("heads")),
                rounded(
                        "AttentionGrad",
                        List.of(narrow("dY"), narrow("QKV"), narrow("Y"), wide("L")),
                        List.of(narrow("dQKV")),
                        FunctionBody.own("heads")),
                layerNorm(),
                conv(NARROW),
                conv(WIDE),
                convDataGrad(NARROW),
                convDataGrad(WIDE),
                rounded(
                        "ConvWeightsGrad",
                        List.of(narrow("dY"), narrow("X")),
                        List.of(wide("dW")),
                        ImageFunctions.weightsGradAttributes()),
                rounded("MaxPool", List.of(narrow("X")), List.of(narrow("Y")), ImageFunctions.poolAttributes()),
                rounded(
                        "MaxPoolGrad",
                        List.of(narrow("dY"), narrow("X")),
                        List.of(narrow("dX")),
                        ImageFunctions.poolAttributes()),
                rounded("AveragePool", List.of(narrow("X")), List.of(narrow("Y")), ImageFunctions.poolAttributes()),
                rounded(
                        "AveragePoolGrad",
                        List.of(narrow("dY")),
                        List.of(narrow("dX")),
                        ImageFunctions.poolGradAttributes()),
                rounded(
                        "BatchNorm",
                        List.of(narrow("X"), wide("scale"), wide("bias"), wide("mean"), wide("var")),
                        List.of(
                                narrow("Y"),
                                wide("new_mean"),
                                wide("new_var"),
                                wide("batch_mean"),
                                wide("inv_std_dev")),
                        FunctionBody.ownReal("epsilon"),
                        FunctionBody.ownReal("momentum")),
                rounded(
                        "BatchNormGrad",
                        List.of(narrow("dY"), narrow("X"), wide("scale"), wide("mean"), wide("inv_std_dev")),
                        List.of(narrow("dX"), wide("dscale"), wide("dbias"))),
                cast(WIDE, NARROW),
                cast(NARROW, WIDE));
    }

    private static FunctionProto gemm(DType result) {
        return rounded(
                "Gemm",
                List.of(narrow("A"), narrow("B"), wide("C")),
                List.of(new Tensor("Y", result)),
                FunctionBody.own("transA"),
                FunctionBody.own("transB"));
    }

    private static FunctionProto conv(DType result) {
        return rounded(
                "Conv",
                List.of(narrow("X"), narrow("W"), wide("B")),
                List.of(new Tensor("Y", result)),
                ImageFunctions.convAttributes());
    }

    private static FunctionProto convDataGrad(DType result) {
        return rounded(
                "ConvDataGrad",
                List.of(narrow("dY"), narrow("W")),
                List.of(new Tensor("dX", result)),
                ImageFunctions.dataGradAttributes());
    }

    private static FunctionProto rounded(
            String base, List<Tensor> operands, List<Tensor> results, AttributeProto... attributes) {
        var f = new FunctionBody(
                base
                        + Functions.suffix(
                                operands.getFirst().type(), results.getFirst().type()),
                operands.stream().map(Tensor::name).toList(),
                results.stream().map(Tensor::name).toList(),
                ImageFunctions.names(attributes));
        var inside = operands.stream()
                .map(x -> x.type() == WIDE ? x.name() : f.node("Cast", List.of(x.name()), to(WIDE)))
                .toList();
        var exact = results.stream()
                .map(y -> y.type() == WIDE ? y.name() : y.name() + "_exact")
                .toList();
        f.defineOurs(exact, base, inside, List.of(attributes));
        for (var i = 0; i < exact.size(); i++) {
            var result = results.get(i);
            if (result.type() != WIDE) {
                f.define(result.name(), "Cast", List.of(exact.get(i)), to(result.type()));
            }
        }
        return f.build();
    }

    private static FunctionProto layerNorm() {
        var f = new FunctionBody(
                "LayerNorm" + Functions.suffix(WIDE, NARROW),
                List.of("X", "scale", "bias"),
                List.of("Y", "mean", "inv_std_dev"),
                List.of("epsilon"));
        f.define(
                List.of("Y_exact", "mean", "inv_std_dev"),
                "LayerNormalization",
                List.of("X", "scale", "bias"),
                attribute("axis", -1L),
                FunctionBody.ownReal("epsilon"));
        f.define("Y", "Cast", List.of("Y_exact"), to(NARROW));
        return f.build();
    }

    private static FunctionProto cast(DType from, DType to) {
        var f = new FunctionBody("Cast" + Functions.suffix(from, to), List.of("X"), List.of("Y"), List.of());
        f.define("Y", "Cast", List.of("X"), to(to));
        return f.build();
    }

    private static AttributeProto to(DType type) {
        return attribute("to", Protos.dataType(type).getNumber());
    }

    private static Tensor narrow(String name) {
        return new Tensor(name, NARROW);
    }

    private static Tensor wide(String name) {
        return new Tensor(name, WIDE);
    }
}
