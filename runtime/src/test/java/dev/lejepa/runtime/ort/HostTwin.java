package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A graph for CUDA as ONNX Runtime can compute it on host cores, where few of its own kernels know bfloat16: they
/// compute in float32, between conversions.
final class HostTwin {
    private static final String OURS = "dev.lejepa";

    private final Set<String> rounded = new HashSet<>();
    private final GraphProto.Builder graph;

    private HostTwin(GraphProto graph) {
        this.graph = graph.toBuilder().clearNode();
        Stream.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())
                .flatMap(List::stream)
                .filter(v -> v.getType().getTensorType().getElemType() == TensorProto.DataType.BFLOAT16_VALUE)
                .map(ValueInfoProto::getName)
                .forEach(rounded::add);
        graph.getInitializerList().stream()
                .filter(t -> t.getDataType() == TensorProto.DataType.BFLOAT16_VALUE)
                .map(TensorProto::getName)
                .forEach(rounded::add);
        graph.getNodeList().forEach(this::add);
    }

    static ModelProto of(ModelProto model) {
        return model.toBuilder().setGraph(new HostTwin(model.getGraph()).graph).build();
    }

    private void add(NodeProto node) {
        if (node.getDomain().equals(OURS) || node.getOpType().equals("Cast") || !touches(node)) {
            graph.addNode(node);
            return;
        }
        var twin = node.toBuilder();
        for (var i = 0; i < node.getInputCount(); i++) {
            var name = node.getInput(i);
            if (rounded.contains(name)) {
                var wide = "%s/%d wide".formatted(node.getOutput(0), i);
                graph.addNode(cast(name, wide, TensorProto.DataType.FLOAT));
                twin.setInput(i, wide);
            }
        }
        for (var i = 0; i < node.getOutputCount(); i++) {
            if (rounded.contains(node.getOutput(i))) {
                twin.setOutput(i, node.getOutput(i) + "/wide");
            }
        }
        graph.addNode(twin);
        node.getOutputList().stream()
                .filter(rounded::contains)
                .forEach(y -> graph.addNode(cast(y + "/wide", y, TensorProto.DataType.BFLOAT16)));
    }

    private boolean touches(NodeProto node) {
        return Stream.concat(node.getInputList().stream(), node.getOutputList().stream())
                .anyMatch(rounded::contains);
    }

    private static NodeProto cast(String from, String to, TensorProto.DataType type) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(from)
                .addOutput(to)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setI(type.getNumber())
                        .setType(AttributeProto.AttributeType.INT))
                .build();
    }
}
