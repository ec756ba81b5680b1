package dev.lejepa.tools.inspect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.OnnxText;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TypeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// In which element types a graph computes, and where it goes from one to another.
///
/// @param operators for each element type how often each operator has a first result of it
/// @param casts how many conversions there are between floating-point types, by `from -> to`
/// @param repeated conversions of a value that another node converts to the same type as well
/// @param undone conversions of a value that was itself converted from the type that it gets
record ElementSummary(Map<String, Map<String, Long>> operators, Map<String, Long> casts, long repeated, long undone) {
    /// A conversion of a value.
    private record Conversion(String value, String from, String to) {}

    static ElementSummary of(GraphProto graph) {
        var types = types(graph);
        Map<String, Map<String, Long>> operators = graph.getNodeList().stream()
                .collect(Collectors.groupingBy(
                        n -> types.getOrDefault(output(n), "unknown"),
                        TreeMap::new,
                        Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting())));
        var casts = graph.getNodeList().stream()
                .filter(n -> n.getOpType().startsWith("Cast"))
                .map(n -> conversion(n, types))
                .filter(c -> isFloat(c.from()) && isFloat(c.to()))
                .toList();
        return new ElementSummary(
                operators,
                casts.stream()
                        .collect(Collectors.groupingBy(
                                c -> c.from() + " -> " + c.to(), TreeMap::new, Collectors.counting())),
                casts.size() - casts.stream().distinct().count(),
                undone(graph, types));
    }

    private static Conversion conversion(NodeProto n, Map<String, String> types) {
        return new Conversion(
                input(n), types.getOrDefault(input(n), "unknown"), types.getOrDefault(output(n), "unknown"));
    }

    /// A damaged file may have nodes without inputs.
    private static String input(NodeProto n) {
        return n.getInputCount() == 0 ? "" : n.getInput(0);
    }

    private static String output(NodeProto n) {
        return n.getOutputCount() == 0 ? "" : n.getOutput(0);
    }

    private static long undone(GraphProto graph, Map<String, String> types) {
        var made = new HashMap<String, Conversion>();
        var count = 0L;
        for (var n : graph.getNodeList()) {
            if (n.getOpType().startsWith("Cast")) {
                var conversion = conversion(n, types);
                var before = made.get(input(n));
                if (before != null && before.from().equals(conversion.to())) {
                    count++;
                }
                made.put(output(n), conversion);
            } else if (n.getOpType().equals("Reshape") && made.containsKey(input(n))) {
                made.put(output(n), made.get(input(n)));
            }
        }
        return count;
    }

    private static Map<String, String> types(GraphProto graph) {
        var types = new HashMap<String, String>();
        Stream.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())
                .flatMap(List::stream)
                .forEach(v -> types.put(v.getName(), element(v.getType())));
        return types;
    }

    private static String element(TypeProto type) {
        var text = OnnxText.describe(type);
        var bracket = text.indexOf('[');
        return bracket < 0 ? text : text.substring(0, bracket).strip();
    }

    private static boolean isFloat(String type) {
        return type.contains("float");
    }

    /// One line for each element type, and one for conversions where there are any.
    List<String> lines() {
        var operatorLines = operators.entrySet().stream()
                .map(e -> Text.format("    %-9s %s", e.getKey(), OnnxSummary.text(e.getValue())));
        var castLine = casts.isEmpty()
                ? Stream.<String>empty()
                : Stream.of(Text.format(
                        "    casts     %s; %d of values converted twice, %d back and forth",
                        OnnxSummary.text(casts), repeated, undone));
        return Stream.concat(operatorLines, castLine).toList();
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        var byType = json.putObject("operators");
        operators.forEach((type, counts) -> counts.forEach(byType.putObject(type)::put));
        casts.forEach(json.putObject("casts")::put);
        return json.put("casts_repeated", repeated).put("casts_undone", undone);
    }
}
