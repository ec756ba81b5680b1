package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What the layers of one graph asked of the world: parameters, buffers and random draws, each an input of the graph.
public final class Declarations {
    private final Graph graph;
    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, Buffer> buffers = new LinkedHashMap<>();
    private final List<Draw> draws = new ArrayList<>();

    public Declarations(Graph graph) {
        this.graph = graph;
    }

    /// A trainable tensor.
    public record Parameter(String name, Value value, Init init) {}

    /// A tensor that training updates without a gradient.
    ///
    /// @param value as fed
    /// @param current after all updates so far
    public record Buffer(String name, Value value, Value current, Init init) {}

    /// A random input, drawn anew every step.
    ///
    /// @param views the views that its rows stand for; empty bounds if its rows are no views
    public record Draw(String name, Value value, Distribution distribution, Views views) {}

    public Graph graph() {
        return graph;
    }

    /// Parameters in the order in which layers asked for them first.
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    public List<Buffer> buffers() {
        return List.copyOf(buffers.values());
    }

    public List<Draw> draws() {
        return List.copyOf(draws);
    }

    Value parameter(String name, Type type, Init init) {
        var p = parameters.computeIfAbsent(name, n -> new Parameter(n, graph.input(n, type), init));
        requireSameType(name, p.value().type(), type);
        return p.value();
    }

    Value buffer(String name, Type type, Init init) {
        var b = buffers.get(name);
        if (b == null) {
            var value = graph.input(name, type);
            b = new Buffer(name, value, value, init);
            buffers.put(name, b);
        }
        requireSameType(name, b.value().type(), type);
        return b.current();
    }

    void update(String name, Value value) {
        buffers.computeIfPresent(name, (n, b) -> new Buffer(n, b.value(), value, b.init()));
    }

    Value draw(String name, Type type, Distribution distribution, Views views) {
        var unique = name;
        for (var i = 2; graph.inputs().containsKey(unique); i++) {
            unique = name + "." + i;
        }
        var value = graph.input(unique, type);
        draws.add(new Draw(unique, value, distribution, views));
        return value;
    }

    private static void requireSameType(String name, Type known, Type asked) {
        if (!known.equals(asked)) {
            throw new IllegalArgumentException(Text.format("'%s' is %s and was asked for as %s", name, known, asked));
        }
    }

    /// Parameters as a map from name to value, for gradients.
    public Map<String, Value> parameterValues() {
        var map = new LinkedHashMap<String, Value>();
        parameters.forEach((n, p) -> map.put(n, p.value()));
        return map;
    }
}
