package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.TensorShapeProto;
import dev.lejepa.graphs.onnx.proto.TypeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Shapes and element types of a lowered graph's values, by name, for graphs whose batch is fixed.
public final class ValueTypes {
    private final Map<String, Value> values = new HashMap<>();

    private record Value(int dataType, long[] dims) {}

    private ValueTypes() {}

    /// @throws BadInputException if a dimension is free
    public static ValueTypes of(GraphProto graph) {
        var types = new ValueTypes();
        Stream.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())
                .flatMap(List::stream)
                .forEach(v -> types.values.put(v.getName(), value(v.getName(), v.getType())));
        for (var t : graph.getInitializerList()) {
            types.values.put(t.getName(), new Value(t.getDataType(), longs(t.getDimsList())));
        }
        return types;
    }

    private static Value value(String name, TypeProto type) {
        var tensor = type.getTensorType();
        var dims = tensor.getShape().getDimList();
        if (!dims.stream().allMatch(TensorShapeProto.Dimension::hasDimValue)) {
            throw new BadInputException(Text.format("the batch of '%s' is free: %s", name, OnnxText.describe(type)));
        }
        return new Value(
                tensor.getElemType(),
                dims.stream().mapToLong(TensorShapeProto.Dimension::getDimValue).toArray());
    }

    private static long[] longs(List<Long> dims) {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    /// Names of what a node reads; empty where it leaves out an operand.
    public static List<String> operands(NodeProto node) {
        return List.copyOf(node.getInputList());
    }

    /// Names of what a node gives; empty where it leaves out a result.
    public static List<String> results(NodeProto node) {
        return List.copyOf(node.getOutputList());
    }

    /// Dimensions of a value.
    ///
    /// @throws BadInputException if the graph does not say
    public long[] dims(String name) {
        return find(name).dims.clone();
    }

    /// Element type and dimensions of a value.
    ///
    /// @throws BadInputException if the graph does not say
    Type type(String name) {
        var found = find(name);
        return new Type(Protos.dtype(found.dataType), Shape.of(found.dims));
    }

    /// The number of a value's elements; 0 for an operand or a result that a node leaves out.
    public long elements(String name) {
        return name.isEmpty() ? 0 : Arrays.stream(find(name).dims).reduce(1, Math::multiplyExact);
    }

    /// Bytes of a value; 0 for an operand or a result that a node leaves out.
    public long bytes(String name) {
        return name.isEmpty()
                ? 0
                : elements(name) * Protos.dtype(find(name).dataType).bytes();
    }

    /// Whether a value is float32.
    public boolean isFloat32(String name) {
        return find(name).dataType == TensorProto.DataType.FLOAT_VALUE;
    }

    /// Whether a value is int64.
    public boolean isInt64(String name) {
        return find(name).dataType == TensorProto.DataType.INT64_VALUE;
    }

    private Value find(String name) {
        var found = values.get(name);
        if (found == null) {
            throw new BadInputException(Text.format("the graph does not say what '%s' is", name));
        }
        return found;
    }
}
