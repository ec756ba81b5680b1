package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A list of nodes that only grows. Values are made by [#apply] alone, from values made before, so the list is a
/// topological order and building the same thing twice gives the same list.
public final class Graph {
    private final String name;
    private final List<Node> nodes = new ArrayList<>();
    private final SequencedMap<String, Value> inputs = new LinkedHashMap<>();
    private final SequencedMap<String, Value> outputs = new LinkedHashMap<>();
    private String scope = "";
    private String where = "";

    /// @param name what the graph computes: `train`, `optimizer`, `evaluate`, `encoder`
    public Graph(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /// The nodes in topological order.
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /// Inputs by name, in the order they were made.
    public SequencedMap<String, Value> inputs() {
        return Collections.unmodifiableSequencedMap(inputs);
    }

    /// Outputs by name, in the order they were declared.
    public SequencedMap<String, Value> outputs() {
        return Collections.unmodifiableSequencedMap(outputs);
    }

    /// A new input of this unique name.
    public Value input(String label, Type type) {
        if (inputs.containsKey(label)) {
            throw new IllegalArgumentException(Text.format("graph '%s' has an input '%s' already", name, label));
        }
        var value = apply(new Leaf.Input(label, type)).getFirst();
        inputs.put(label, value);
        return value;
    }

    /// A tensor that becomes part of the graph.
    public Value constant(Tensor tensor) {
        return apply(new Leaf.Constant(tensor)).getFirst();
    }

    /// A float32 scalar that becomes part of the graph.
    public Value scalar(double value) {
        return constant(Tensor.scalar(value));
    }

    /// Declares a value as an output under a unique name.
    public void output(String label, Value value) {
        requireOwn(value);
        if (outputs.putIfAbsent(label, value) != null) {
            throw new IllegalArgumentException(Text.format("graph '%s' has an output '%s' already", name, label));
        }
    }

    /// Appends a node.
    ///
    /// @return its results
    /// @throws ShapeException if the operands do not fit; the message says where and what was asked
    public List<Value> apply(Op op, Value... operands) {
        return apply(op, List.of(operands));
    }

    /// Appends a node.
    public List<Value> apply(Op op, List<Value> operands) {
        operands.forEach(this::requireOwn);
        var types = infer(op, operands);
        var results = new ArrayList<Value>(types.size());
        var node = new Node(nodes.size(), op, List.copyOf(operands), Collections.unmodifiableList(results), scope);
        for (var i = 0; i < types.size(); i++) {
            results.add(new Value(this, node, i, types.get(i)));
        }
        nodes.add(node);
        return node.outputs();
    }

    /// Runs `body` with `path` as the whole scope of the nodes that it makes, wherever the caller stands: the nodes of a
    /// backward pass belong to the layer that they differentiate.
    public <T> T at(String path, String label, Supplier<T> body) {
        var outerScope = scope;
        var outerWhere = where;
        scope = path;
        where = label;
        try {
            return body.get();
        } finally {
            scope = outerScope;
            where = outerWhere;
        }
    }

    /// The dotted path under which nodes are made now.
    public String scope() {
        return scope;
    }

    private List<Type> infer(Op op, List<Value> operands) {
        try {
            return op.infer(operands.stream().map(Value::type).toList());
        } catch (ShapeException e) {
            var shapes = operands.stream().map(v -> v.shape().toString()).collect(Collectors.joining(" and "));
            var place = scope + (where.isEmpty() ? "" : " (" + where + ")");
            throw new ShapeException(Text.format(
                    "%s%s of %s: %s", place.isEmpty() ? "" : place.strip() + ": ", op.name(), shapes, e.getMessage()));
        }
    }

    private void requireOwn(Value value) {
        if (value.graph() != this) {
            throw new IllegalArgumentException(Text.format("%s belongs to another graph than '%s'", value, name));
        }
    }

    @Override
    public String toString() {
        return Printer.print(this);
    }
}
