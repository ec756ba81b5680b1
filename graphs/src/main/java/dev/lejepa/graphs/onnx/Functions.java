package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.OperatorSetIdProto;
import java.util.List;

/// What the operators of `dev.lejepa` mean, in standard ONNX. A runtime that has no kernel for one puts its definition
/// in its place; so any ONNX Runtime can train with these graphs.
final class Functions {
    private final FunctionProto.Builder function = FunctionProto.newBuilder();

    private Functions(String name, List<String> inputs, List<String> outputs, List<String> attributes) {
        function.setDomain(GraphWriter.LEJEPA)
                .setName(name)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(attributes)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxModel.OPSET));
    }

    /// The definitions of all operators of ours.
    static List<FunctionProto> all() {
        return List.of(gemm(), geluGrad());
    }

    private static FunctionProto gemm() {
        var f = new Functions("Gemm", List.of("A", "B", "C"), List.of("Y"), List.of("transA", "transB"));
        f.node("Gemm", List.of("A", "B", "C"), "Y", forwarded("transA"), forwarded("transB"));
        return f.function.build();
    }

    /// As [Gelus#gradient] has it.
    private static FunctionProto geluGrad() {
        var f = new Functions("GeluGrad", List.of("dY", "X"), List.of("dX"), List.of());
        f.node("Mul", List.of("X", f.constant("sqrt_half", Math.sqrt(0.5))), "u");
        f.node("Erf", List.of("u"), "erf");
        f.node("HardSigmoid", List.of("erf"), "cdf", attribute("alpha", 0.5), attribute("beta", 0.5));
        f.node("Mul", List.of("u", "u"), "u2");
        f.node("Sub", List.of(f.constant("log_norm", -Math.log(Math.sqrt(2 * Math.PI))), "u2"), "exponent");
        f.node("Exp", List.of("exponent"), "pdf");
        f.node("Mul", List.of("pdf", "X"), "x_pdf");
        f.node("Add", List.of("cdf", "x_pdf"), "slope");
        f.node("Mul", List.of("dY", "slope"), "dX");
        return f.function.build();
    }

    private void node(String op, List<String> inputs, String output, AttributeProto... attributes) {
        function.addNode(NodeProto.newBuilder()
                .setOpType(op)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
    }

    private String constant(String name, double value) {
        node("Constant", List.of(), name, AttributeProto.newBuilder()
                .setName("value")
                .setT(Protos.tensor(name, Tensor.scalar(value)))
                .setType(AttributeProto.AttributeType.TENSOR)
                .build());
        return name;
    }

    /// An integer attribute that has the value of the function's own.
    private static AttributeProto forwarded(String name) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setRefAttrName(name)
                .setType(AttributeProto.AttributeType.INT)
                .build();
    }
}
