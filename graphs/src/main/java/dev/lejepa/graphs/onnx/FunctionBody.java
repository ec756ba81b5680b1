package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.OperatorSetIdProto;
import java.util.List;
import java.util.Map;

/// A function of ONNX under construction. Values are names; shapes stay open.
final class FunctionBody {
    private final FunctionProto.Builder function;

    /// Of a formula, without a name yet.
    ///
    /// @param names gets those of the formula's inputs and outputs
    static FunctionBody of(Graph formula, Map<Value, String> names) {
        formula.inputs().forEach((label, v) -> names.put(v, label));
        formula.outputs().forEach((label, v) -> names.put(v, label));
        return new FunctionBody(
                "",
                List.copyOf(formula.inputs().keySet()),
                List.copyOf(formula.outputs().keySet()),
                List.of());
    }

    FunctionBody(String name, List<String> inputs, List<String> outputs, List<String> attributes) {
        function = FunctionProto.newBuilder()
                .setDomain(GraphWriter.LEJEPA)
                .setName(name)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(attributes)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxModel.OPSET));
    }

    FunctionProto build() {
        return function.build();
    }

    /// Appends a node with a result of this name.
    void define(String result, String op, List<String> inputs, AttributeProto... attributes) {
        define(List.of(result), op, inputs, attributes);
    }

    /// Appends a node with results of these names.
    void define(List<String> results, String op, List<String> inputs, AttributeProto... attributes) {
        function.addNode(node(op, inputs, results, List.of(attributes)));
    }

    /// Appends a node of another operator of ours with results of these names.
    void defineOurs(List<String> results, String op, List<String> inputs, List<AttributeProto> attributes) {
        if (function.getOpsetImportList().stream().noneMatch(o -> o.getDomain().equals(GraphWriter.LEJEPA))) {
            function.addOpsetImport(OperatorSetIdProto.newBuilder()
                    .setDomain(GraphWriter.LEJEPA)
                    .setVersion(1));
        }
        function.addNode(node(op, inputs, results, attributes).setDomain(GraphWriter.LEJEPA));
    }

    private static NodeProto.Builder node(
            String op, List<String> inputs, List<String> results, List<AttributeProto> attributes) {
        return NodeProto.newBuilder()
                .setOpType(op)
                .addAllInput(inputs)
                .addAllOutput(results)
                .addAllAttribute(attributes);
    }

    /// Appends a node; its result has a name of its own.
    String node(String op, List<String> inputs, AttributeProto... attributes) {
        var result = unusedName(op);
        define(result, op, inputs, attributes);
        return result;
    }

    /// A name for the next node's result.
    String unusedName(String op) {
        return op + "_" + function.getNodeCount();
    }

    String real(double value) {
        return constant(Tensor.scalar(value));
    }

    String integer(long value) {
        return constant(Tensor.of(Shape.scalar(), value));
    }

    String integers(long... values) {
        return constant(Tensor.of(Shape.of(values.length), values));
    }

    String constant(Tensor tensor) {
        return node(
                "Constant",
                List.of(),
                AttributeProto.newBuilder()
                        .setName("value")
                        .setT(Protos.tensor("", tensor))
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .build());
    }

    /// An attribute of a node that has the value of the function's own.
    AttributeProto own(OwnOperator.Attribute attribute) {
        return reference(attribute.name(), attribute.name(), attribute.type());
    }

    /// An integer attribute of a node that has the value of the function's attribute of the same name.
    AttributeProto own(String name) {
        return reference(name, name);
    }

    /// The function's integer attribute as a scalar.
    String ownInteger(String name) {
        return node("Constant", List.of(), reference("value_int", name));
    }

    /// The function's real attribute as a scalar.
    String ownNumber(String name) {
        return node("Constant", List.of(), reference("value_float", name, AttributeProto.AttributeType.FLOAT));
    }

    /// A list of integers of a node that has the value of the function's attribute of the same name.
    AttributeProto ownIntegers(String name) {
        return integersOf(name, name);
    }

    /// A list of integers of a node that has the value of another attribute of the function.
    AttributeProto integersOf(String name, String from) {
        return reference(name, from, AttributeProto.AttributeType.INTS);
    }

    /// The function's list of integers as a vector.
    String ownIntegerList(String name) {
        return node("Constant", List.of(), integersOf("value_ints", name));
    }

    /// A real attribute of a node that has the value of the function's attribute of the same name.
    AttributeProto ownReal(String name) {
        return reference(name, name, AttributeProto.AttributeType.FLOAT);
    }

    private static AttributeProto reference(String name, String from) {
        return reference(name, from, AttributeProto.AttributeType.INT);
    }

    private static AttributeProto reference(String name, String from, AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setRefAttrName(from)
                .setType(type)
                .build();
    }
}
