package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Draw;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.programs.Manifest.Input;
import dev.lejepa.graphs.programs.Manifest.Mode;
import dev.lejepa.graphs.programs.Manifest.Output;
import dev.lejepa.graphs.programs.Manifest.Sink;
import dev.lejepa.graphs.programs.Manifest.Source;
import dev.lejepa.graphs.programs.Manifest.Stage;
import dev.lejepa.graphs.programs.Manifest.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Says of each input and output of a graph what it is.
final class StageDescriptions {
    static final String ROWS = "n*V+v";

    private final Set<String> states;
    private final Map<String, Draw> draws;
    private final Map<String, String> groupOfRate;
    private final Set<String> steps;

    /// Says what an input is that whoever trains must bring: no state, draw, learning rate or step.
    @FunctionalInterface
    interface Feeds {
        Input describe(String name, Value value);

        /// Tensors that whoever trains knows how to fill.
        static Input data(String name, Value value) {
            return plain(name, value, Source.DATA);
        }
    }

    StageDescriptions(List<State> states, List<TrainedGroup> groups, Declarations declared) {
        this.states = states.stream().map(State::name).collect(Collectors.toUnmodifiableSet());
        this.draws = declared.draws().stream().collect(Collectors.toUnmodifiableMap(Draw::name, Function.identity()));
        this.groupOfRate = groups.stream()
                .collect(Collectors.toUnmodifiableMap(
                        g -> g.forOptimizer().rateInput(), g -> g.settings().name()));
        this.steps = declared.parameters().stream()
                .map(Parameter::name)
                .map(AdamWGraph::step)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @param feeds says what the inputs are that whoever runs the graph must bring
    Stage describe(String name, String file, Graph graph, Feeds feeds) {
        return new Stage(
                name,
                file,
                graph.inputs().sequencedEntrySet().stream()
                        .map(e -> input(e.getKey(), e.getValue(), feeds))
                        .toList(),
                graph.outputs().sequencedEntrySet().stream()
                        .map(e -> output(e.getKey(), e.getValue()))
                        .toList());
    }

    private Input input(String name, Value v, Feeds feeds) {
        if (states.contains(name)) {
            return new Input(
                    name, Source.STATE, name, dtype(v), dims(v.shape()), null, null, null, null, null, null, null);
        }
        var draw = draws.get(name);
        if (draw != null) {
            return draw(draw);
        }
        if (steps.contains(name)) {
            return plain(name, v, Source.STEP);
        }
        var group = groupOfRate.get(name);
        if (group != null) {
            return new Input(
                    name, Source.SCALAR, null, dtype(v), dims(v.shape()), null, null, null, null, group, null, null);
        }
        return feeds.describe(name, v);
    }

    /// An input of which there is no more to say.
    private static Input plain(String name, Value v, Source is) {
        return new Input(name, is, null, dtype(v), dims(v.shape()), null, null, null, null, null, null, null);
    }

    private static Input draw(Draw d) {
        var v = d.value();
        var perView = d.views().count() > 0;
        var numbers = IntStream.range(
                        d.views().first(), d.views().first() + d.views().count())
                .boxed()
                .toList();
        return new Input(
                d.name(),
                Source.DRAW,
                null,
                dtype(v),
                dims(v.shape()),
                null,
                perView ? numbers : null,
                perView ? ROWS : null,
                d.distribution(),
                null,
                null,
                null);
    }

    private Output output(String name, Value v) {
        var mark = AdamWGraph.updated("");
        var updated = name.startsWith(mark) ? name.substring(mark.length()) : name;
        return states.contains(updated)
                ? new Output(name, Sink.STATE, updated, Mode.WRITE, dtype(v), dims(v.shape()))
                : new Output(name, Sink.METRIC, null, null, dtype(v), dims(v.shape()));
    }

    static String dtype(Value v) {
        return v.type().dtype().label();
    }

    /// Dimensions as the manifest writes them, -1 for the free batch.
    static List<Long> dims(Shape s) {
        return IntStream.range(0, s.rank())
                .mapToObj(i -> i == 0 && s.batched() ? -1L : s.dim(i))
                .toList();
    }
}
