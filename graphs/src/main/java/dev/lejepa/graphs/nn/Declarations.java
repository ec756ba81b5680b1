package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What the layers of one graph asked of the world, parameters, buffers and random draws among it, and what becomes of
/// what they computed: for each input what feeds it, for each output what it is for. An input of the graph of which
/// nothing is said here is data, an output a metric. Passes keep names, so what was said holds for graphs made of this
/// one.
public final class Declarations {
    private final Graph graph;
    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, Buffer> buffers = new LinkedHashMap<>();
    private final List<Draw> draws = new ArrayList<>();
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Map<String, Sink> sinks = new HashMap<>();

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

    /// What feeds an input.
    public Feed feed(String input) {
        return feeds.getOrDefault(input, new Feed.Data());
    }

    /// What an output is for.
    public Sink sink(String output) {
        return sinks.getOrDefault(output, new Sink.Metric());
    }

    /// Makes an input of the graph.
    public Value input(String name, Type type, Feed feed) {
        says(name, feed);
        return graph.input(name, type);
    }

    /// Says what feeds an input that a pass makes.
    public void says(String input, Feed feed) {
        feeds.put(input, feed);
    }

    /// Says what an output is for that a pass makes.
    public void becomes(String output, Sink sink) {
        sinks.put(output, sink);
    }

    /// Makes an input that reads a state.
    public Value state(String name, Type type) {
        return input(name, type, new Feed.State(name));
    }

    /// Makes an output of the graph.
    public void output(String name, Value value, Sink sink) {
        becomes(name, sink);
        graph.output(name, value);
    }

    /// Makes an output that is the new value of a state.
    public void updated(String state, Value value) {
        output(StateNames.updated(state), value, new Sink.State(state, false));
    }

    Value parameter(String name, Type type, Init init) {
        var p = parameters.computeIfAbsent(name, n -> new Parameter(n, state(n, type), init));
        requireSameType(name, p.value().type(), type);
        return p.value();
    }

    Value buffer(String name, Type type, Init init) {
        var b = buffers.get(name);
        if (b == null) {
            var value = state(name, type);
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
        var value = input(unique, type, new Feed.Draw(distribution, views));
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
