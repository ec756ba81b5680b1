package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.cost.FileOrder;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ONNX graph under construction: nodes in order, inputs, constants stored once, and outputs under their own
/// names.
final class GraphWriter {
    static final String STANDARD = "";
    static final String MICROSOFT = "com.microsoft";
    static final String LEJEPA = Signature.DOMAIN;

    private static final Ref UNNAMED = new Ref("", new Type(DType.FLOAT32, Shape.scalar()));

    private record Entry(
            String domain,
            String op,
            String name,
            List<Ref> inputs,
            List<Ref> outputs,
            List<AttributeProto> attributes) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Type> inputs = new LinkedHashMap<>();
    private final Map<Tensor, Ref> constants = new LinkedHashMap<>();
    private final Map<String, Ref> outputs = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<FunctionProto, String> functions = new LinkedHashMap<>();

    Ref input(String label, Type type) {
        claim(label);
        inputs.put(label, type);
        return new Ref(label, type);
    }

    /// The constant with these elements; equal ones are one initializer.
    Ref constant(Tensor tensor) {
        return constants.computeIfAbsent(tensor, t -> new Ref(claim("constant_" + constants.size()), t.type()));
    }

    Ref constant(long... elements) {
        return constant(Tensor.of(Shape.of(elements.length), elements));
    }

    /// Appends a node.
    ///
    /// @param name of the node and of its first result
    /// @param types of the results; those of no further use may be left off at the end
    List<Ref> node(
            String domain, String op, String name, List<Ref> operands, List<Type> types, AttributeProto... attributes) {
        return node(domain, op, name, operands, 0, types, attributes);
    }

    /// Appends a node.
    ///
    /// @param unwanted how many results come before those of these types; they have no names
    List<Ref> node(
            String domain,
            String op,
            String name,
            List<Ref> operands,
            int unwanted,
            List<Type> types,
            AttributeProto... attributes) {
        for (var r : operands) {
            if (r.name().isEmpty()) {
                throw new IllegalStateException(Text.format("%s: an operand was not lowered", name));
            }
        }
        var results = new ArrayList<Ref>(types.size());
        for (var i = 0; i < types.size(); i++) {
            results.add(new Ref(claim(i == 0 ? name : name + ":" + i), types.get(i)));
        }
        var all = new ArrayList<>(Collections.nCopies(unwanted, UNNAMED));
        all.addAll(results);
        entries.add(new Entry(domain, op, name, List.copyOf(operands), List.copyOf(all), List.of(attributes)));
        return results;
    }

    /// Declares a value as an output. Inputs and constants, and what is an output already, get there through a copy.
    void output(String label, Ref value) {
        var isLeaf = inputs.containsKey(value.name()) || constants.containsValue(value);
        claim(label);
        outputs.put(
                label,
                !isLeaf && !outputs.containsValue(value)
                        ? value
                        : node(STANDARD, "Identity", "output/" + label, List.of(value), List.of(value.type()))
                                .getFirst());
    }

    /// The int64 `[1]` number of items in the batch, read from an input that has them or a multiple of them.
    Ref batchSize() {
        var e = inputs.entrySet().stream()
                .filter(i -> i.getValue().shape().batched())
                .min(Comparator.comparingLong(i -> i.getValue().shape().dim(0)))
                .orElseThrow(() -> new IllegalStateException("no input tells the size of the batch"));
        var input = new Ref(e.getKey(), e.getValue());
        var number = List.of(new Type(DType.INT64, Shape.of(1)));
        var rows = node(
                        STANDARD,
                        "Shape",
                        unused("batch"),
                        List.of(input),
                        number,
                        Protos.attribute("start", 0L),
                        Protos.attribute("end", 1L))
                .getFirst();
        var perItem = input.shape().dim(0);
        return perItem == 1
                ? rows
                : node(STANDARD, "Div", unused("batch"), List.of(rows, constant(perItem)), number)
                        .getFirst();
    }

    /// Adds a function of this graph alone.
    ///
    /// @param prefix what its name begins with, which says of what kind it is
    /// @param body without a name; equal ones are one function
    /// @return its name, which nodes use as their operator's
    String function(String prefix, FunctionProto body) {
        return functions.computeIfAbsent(body, _ -> prefix + functions.size());
    }

    /// Functions of this graph alone.
    List<FunctionProto> functions() {
        return functions.entrySet().stream()
                .map(e -> e.getKey().toBuilder().setName(e.getValue()).build())
                .toList();
    }

    boolean uses(String domain) {
        return entries.stream().anyMatch(e -> e.domain().equals(domain));
    }

    /// Whether a node is of this operator of ours.
    boolean usesOurs(String op) {
        return entries.stream().anyMatch(e -> e.domain().equals(LEJEPA) && e.op().equals(op));
    }

    GraphProto build(String graphName) {
        var labels = new HashMap<String, String>();
        outputs.forEach((label, ref) -> labels.put(ref.name(), label));
        var graph = GraphProto.newBuilder().setName(graphName);
        for (var e : inEngineOrder()) {
            var node = NodeProto.newBuilder().setName(e.name()).setOpType(e.op());
            if (!e.domain().isEmpty()) {
                node.setDomain(e.domain());
            }
            e.inputs().forEach(r -> node.addInput(labels.getOrDefault(r.name(), r.name())));
            e.outputs().forEach(r -> node.addOutput(labels.getOrDefault(r.name(), r.name())));
            graph.addNode(node.addAllAttribute(e.attributes()));
            e.outputs().stream()
                    .filter(r -> !r.name().isEmpty() && !labels.containsKey(r.name()))
                    .forEach(r -> graph.addValueInfo(Protos.valueInfo(r.name(), r.type())));
        }
        inputs.forEach((label, type) -> graph.addInput(Protos.valueInfo(label, type)));
        outputs.forEach((label, ref) -> graph.addOutput(Protos.valueInfo(label, ref.type())));
        constants.forEach((tensor, ref) -> graph.addInitializer(Protos.tensor(ref.name(), tensor)));
        return graph.build();
    }

    /// The nodes in the order of the file that makes the engine run them in the order in which they were made.
    private List<Entry> inEngineOrder() {
        var maker = new HashMap<String, Integer>();
        for (var i = 0; i < entries.size(); i++) {
            for (var r : entries.get(i).outputs()) {
                maker.put(r.name(), i);
            }
        }
        var operands = entries.stream()
                .map(e -> e.inputs().stream()
                        .filter(r -> maker.containsKey(r.name()))
                        .mapToInt(r -> maker.getOrDefault(r.name(), -1))
                        .distinct()
                        .toArray())
                .toArray(int[][]::new);
        return Arrays.stream(FileOrder.of(operands)).mapToObj(entries::get).toList();
    }

    private String claim(String name) {
        if (!names.add(name)) {
            throw new IllegalStateException(Text.format("two values are called '%s'", name));
        }
        return name;
    }

    private String unused(String stem) {
        var i = 0;
        while (names.contains(stem + "_" + i)) {
            i++;
        }
        return stem + "_" + i;
    }
}
