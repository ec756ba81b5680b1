package dev.lejepa.graphs.onnx;

import com.google.protobuf.UnsafeByteOperations;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.OperatorSetIdProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.TensorShapeProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A lowered graph as the message that a file holds.
public record OnnxModel(ModelProto proto) {
    /// Version of the file format; ONNX Runtime reads it from 1.14 on.
    static final long IR_VERSION = 8;

    /// The newest version of ONNX's operators for which every operator in use has a CUDA kernel.
    static final long OPSET = 18;

    static OnnxModel of(GraphWriter writer, String name, Map<String, String> metadata) {
        var model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("lejepa")
                .setGraph(writer.build(name))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
        for (var domain : List.of(GraphWriter.MICROSOFT, GraphWriter.LEJEPA)) {
            if (writer.uses(domain)) {
                model.addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
            }
        }
        Functions.used(writer::usesOurs, writer.functions()).forEach(model::addFunctions);
        new TreeMap<>(metadata).forEach((k, v) -> model.addMetadataProps(Protos.entry(k, v)));
        return new OnnxModel(model.build());
    }

    /// Names of the inputs that must be fed.
    public List<String> inputs() {
        return proto.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .toList();
    }

    public List<String> outputs() {
        return proto.getGraph().getOutputList().stream()
                .map(ValueInfoProto::getName)
                .toList();
    }

    /// The number of nodes.
    public int nodes() {
        return proto.getGraph().getNodeCount();
    }

    /// This model with some inputs fixed: they become initializers, as in a model for inference.
    ///
    /// @param values little-endian elements by input name; the buffers are not copied and must not change
    public OnnxModel withFixed(Map<String, ByteBuffer> values) {
        var graph = proto.getGraph().toBuilder().clearInput();
        var open = new HashSet<>(values.keySet());
        for (var input : proto.getGraph().getInputList()) {
            var value = values.get(input.getName());
            if (value == null) {
                graph.addInput(input);
            } else {
                graph.addInitializer(initializer(input, value));
                open.remove(input.getName());
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException(Text.format("the graph has no inputs %s", open));
        }
        return new OnnxModel(proto.toBuilder().setGraph(graph).build());
    }

    /// This model for runs of a fixed number of items where the batch was free.
    public OnnxModel withBatch(long items) {
        var graph = proto.getGraph().toBuilder().clearInput().clearOutput().clearValueInfo();
        proto.getGraph().getInputList().forEach(v -> graph.addInput(Protos.withBatch(v, items)));
        proto.getGraph().getOutputList().forEach(v -> graph.addOutput(Protos.withBatch(v, items)));
        proto.getGraph().getValueInfoList().forEach(v -> graph.addValueInfo(Protos.withBatch(v, items)));
        return new OnnxModel(proto.toBuilder().setGraph(graph).build());
    }

    /// Bytes of an input of known dimensions.
    public long inputBytes(String name) {
        var type = proto.getGraph().getInputList().stream()
                .filter(i -> i.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Text.format("the graph has no input '%s'", name)))
                .getType()
                .getTensorType();
        var elements = type.getShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dimension::getDimValue)
                .reduce(1, Math::multiplyExact);
        return Math.multiplyExact(elements, Protos.dtype(type.getElemType()).bytes());
    }

    private static TensorProto initializer(ValueInfoProto input, ByteBuffer value) {
        var type = input.getType().getTensorType();
        var tensor = TensorProto.newBuilder().setName(input.getName()).setDataType(type.getElemType());
        type.getShape().getDimList().forEach(d -> tensor.addDims(d.getDimValue()));
        return tensor.setRawData(UnsafeByteOperations.unsafeWrap(value.slice())).build();
    }
}
