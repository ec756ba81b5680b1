package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.TypeProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.Collectors;

/// An ONNX model as text, one input, node and output a line.
public final class OnnxText {
    /// How many elements of a tensor are printed at most.
    private static final int SHOWN = 8;

    private OnnxText() {}

    public static String print(ModelProto model) {
        var text = new StringBuilder();
        var graph = model.getGraph();
        text.append("graph ").append(graph.getName()).append(" (IR ").append(model.getIrVersion());
        model.getOpsetImportList()
                .forEach(o -> text.append(", ")
                        .append(o.getDomain().isEmpty() ? "ai.onnx" : o.getDomain())
                        .append(' ')
                        .append(o.getVersion()));
        text.append(")\n");
        graph.getInputList()
                .forEach(v -> text.append("  input ").append(describe(v)).append('\n'));
        graph.getInitializerList()
                .forEach(t -> text.append("  constant ").append(describe(t)).append('\n'));
        graph.getNodeList().forEach(n -> text.append("  ").append(describe(n)).append('\n'));
        graph.getOutputList()
                .forEach(v -> text.append("  output ").append(describe(v)).append('\n'));
        model.getFunctionsList().forEach(f -> {
            text.append("function ").append(describe(f)).append('\n');
            f.getNodeList().forEach(n -> text.append("  ").append(describe(n)).append('\n'));
        });
        return text.toString();
    }

    private static String describe(FunctionProto f) {
        return Text.format(
                "%s = %s.%s<%s>(%s)",
                String.join(", ", f.getOutputList()),
                f.getDomain(),
                f.getName(),
                String.join(", ", f.getAttributeList()),
                String.join(", ", f.getInputList()));
    }

    /// `name float[batch, 3, 32, 32]`.
    public static String describe(ValueInfoProto v) {
        return v.getName() + " " + describe(v.getType());
    }

    /// `float[batch, 3, 32, 32]`.
    public static String describe(TypeProto type) {
        if (!type.hasTensorType()) {
            return type.getValueCase().name().toLowerCase(Locale.ROOT);
        }
        var tensor = type.getTensorType();
        return element(tensor.getElemType())
                + tensor.getShape().getDimList().stream()
                        .map(d -> d.hasDimValue()
                                ? Long.toString(d.getDimValue())
                                : d.hasDimParam() ? d.getDimParam() : "?")
                        .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String describe(TensorProto t) {
        return t.getName() + " " + element(t.getDataType()) + t.getDimsList() + elements(t);
    }

    /// The elements of a short tensor, as far as they are float32 or int64 in raw form.
    private static String elements(TensorProto t) {
        var raw = t.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        var values = new ArrayList<String>();
        if (raw.remaining() <= SHOWN * Long.BYTES && t.getDataType() == TensorProto.DataType.INT64_VALUE) {
            while (raw.hasRemaining()) {
                values.add(Long.toString(raw.getLong()));
            }
        } else if (raw.remaining() <= SHOWN * Float.BYTES && t.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
            while (raw.hasRemaining()) {
                values.add(Float.toString(raw.getFloat()));
            }
        }
        return values.isEmpty() ? "" : " {" + String.join(", ", values) + "}";
    }

    private static String describe(NodeProto n) {
        var attributes = n.getAttributeList().stream().map(OnnxText::describe).collect(Collectors.joining(", "));
        return Text.format(
                "%s = %s%s%s(%s)",
                String.join(", ", n.getOutputList()),
                n.getDomain().isEmpty() ? "" : n.getDomain() + ".",
                n.getOpType(),
                attributes.isEmpty() ? "" : "<" + attributes + ">",
                String.join(", ", n.getInputList()));
    }

    private static String describe(AttributeProto a) {
        if (!a.getRefAttrName().isEmpty()) {
            return a.getName() + "=" + a.getRefAttrName();
        }
        return a.getName()
                + "="
                + switch (a.getType()) {
                    case INT -> Long.toString(a.getI());
                    case FLOAT -> Float.toString(a.getF());
                    case STRING -> a.getS().toStringUtf8();
                    case INTS -> a.getIntsList().toString();
                    case FLOATS -> a.getFloatsList().toString();
                    case TENSOR -> describe(a.getT()).strip();
                    case UNDEFINED,
                            GRAPH,
                            STRINGS,
                            TENSORS,
                            GRAPHS,
                            SPARSE_TENSOR,
                            SPARSE_TENSORS,
                            TYPE_PROTO,
                            TYPE_PROTOS -> a.getType().name();
                };
    }

    private static String element(int dataType) {
        var t = TensorProto.DataType.forNumber(dataType);
        return t == null ? "type" + dataType : t.name().toLowerCase(Locale.ROOT);
    }
}
