package dev.lejepa.tools.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.onnx.OnnxText;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.TypeProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The surface of an ONNX model.
///
/// @param inputs what must be fed
/// @param parameters elements of all initializers
/// @param operators how often each operator stands in the graph, those of other domains with their domain
/// @param elements the element types that the graph computes in
public record OnnxSummary(
        List<ValueInfoProto> inputs,
        List<ValueInfoProto> outputs,
        long parameters,
        int nodes,
        Map<String, Long> operators,
        ElementSummary elements,
        Map<String, Long> opsets,
        Map<String, String> metadata) {
    public static OnnxSummary of(ModelProto model) {
        var graph = model.getGraph();
        var fixed = graph.getInitializerList().stream().map(t -> t.getName()).collect(Collectors.toSet());
        var parameters = graph.getInitializerList().stream()
                .mapToLong(t -> t.getDimsList().stream().reduce(1L, (a, b) -> a * b))
                .sum();
        var operators = graph.getNodeList().stream()
                .collect(Collectors.groupingBy(
                        n -> n.getDomain().isEmpty() ? n.getOpType() : n.getDomain() + "." + n.getOpType(),
                        TreeMap::new,
                        Collectors.counting()));
        var opsets = new TreeMap<String, Long>();
        model.getOpsetImportList().forEach(o -> opsets.put(o.getDomain(), o.getVersion()));
        var metadata = new TreeMap<String, String>();
        model.getMetadataPropsList().forEach(e -> metadata.put(e.getKey(), e.getValue()));
        return new OnnxSummary(
                graph.getInputList().stream()
                        .filter(i -> !fixed.contains(i.getName()))
                        .toList(),
                graph.getOutputList(),
                parameters,
                graph.getNodeCount(),
                operators,
                ElementSummary.of(graph),
                opsets,
                metadata);
    }

    /// The inputs in one line.
    public String inputText() {
        return text(inputs);
    }

    /// The outputs in one line.
    public String outputText() {
        return text(outputs);
    }

    public ArrayNode inputsJson() {
        return json(inputs);
    }

    public ArrayNode outputsJson() {
        return json(outputs);
    }

    /// Operators, the most frequent first: `Gemm 48, Mul 36, ...`.
    public String operatorText() {
        return text(operators);
    }

    /// Counts, the largest first.
    static String text(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String text(List<ValueInfoProto> values) {
        return values.stream().map(OnnxText::describe).collect(Collectors.joining(", "));
    }

    private static ArrayNode json(List<ValueInfoProto> values) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var v : values) {
            var shape = JsonNodeFactory.instance.arrayNode();
            for (var d : v.getType().getTensorType().getShape().getDimList()) {
                if (d.hasDimValue()) {
                    shape.add(d.getDimValue());
                } else {
                    shape.add(d.getDimParam());
                }
            }
            array.addObject()
                    .put("name", v.getName())
                    .put("dtype", dtype(v.getType()))
                    .set("shape", shape);
        }
        return array;
    }

    private static String dtype(TypeProto type) {
        var text = OnnxText.describe(type);
        var bracket = text.indexOf('[');
        return bracket < 0 ? text : text.substring(0, bracket).strip();
    }
}
