package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations.Draw;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.programs.Manifest.Input;
import dev.lejepa.graphs.programs.Manifest.Mode;
import dev.lejepa.graphs.programs.Manifest.Output;
import dev.lejepa.graphs.programs.Manifest.Sink;
import dev.lejepa.graphs.programs.Manifest.Source;
import dev.lejepa.graphs.programs.Manifest.Stage;
import dev.lejepa.graphs.programs.Manifest.State;
import dev.lejepa.graphs.programs.Pixels.Levels;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Says of each input and output of a graph what it is.
final class StageDescriptions {
    private static final String ROWS = "n*V+v";
    private static final String RATE = "lr.";
    private static final String STEP = AdamWGraph.step("");

    private final Set<String> states;
    private final List<ViewInput> views;
    private final Levels images;
    private final List<Draw> draws;

    /// @param views that a step reads
    /// @param images how evaluation reads its images
    StageDescriptions(List<State> states, List<ViewInput> views, Levels images, List<Draw> draws) {
        this.states = states.stream().map(State::name).collect(Collectors.toUnmodifiableSet());
        this.views = views;
        this.images = images;
        this.draws = draws;
    }

    Stage describe(String name, String file, Graph graph) {
        return new Stage(
                name,
                file,
                graph.inputs().sequencedEntrySet().stream()
                        .map(e -> input(e.getKey(), e.getValue()))
                        .toList(),
                graph.outputs().sequencedEntrySet().stream()
                        .map(e -> output(e.getKey(), e.getValue()))
                        .toList());
    }

    private Input input(String name, Value v) {
        if (states.contains(name)) {
            return new Input(name, Source.STATE, name, dtype(v), dims(v.shape()), null, null, null, null, null, null);
        }
        for (var d : draws) {
            if (d.name().equals(name)) {
                return draw(d);
            }
        }
        for (var in : views) {
            if (in.label().equals(name)) {
                return views(name, v, in.height(), in.views(), in.pixels());
            }
        }
        if (name.startsWith(STEP)) {
            return new Input(name, Source.STEP, null, dtype(v), dims(v.shape()), null, null, null, null, null, null);
        }
        if (name.startsWith(RATE)) {
            var group = name.substring(RATE.length());
            return new Input(name, Source.SCALAR, null, dtype(v), dims(v.shape()), null, null, null, null, group, null);
        }
        if (name.equals(TrainGraph.LABELS)) {
            return new Input(name, Source.LABELS, null, dtype(v), dims(v.shape()), null, null, "n", null, null, null);
        }
        if (name.equals(EvaluateGraph.IMAGES)) {
            return views(name, v, Math.toIntExact(v.dim(-1)), Views.NONE, images);
        }
        throw new IllegalStateException("nothing says what input '%s' is".formatted(name));
    }

    private static Input views(String name, Value v, int size, Views views, Pixels pixels) {
        var numbers = IntStream.range(views.first(), views.first() + views.count())
                .boxed()
                .toList();
        return new Input(
                name,
                Source.VIEWS,
                null,
                dtype(v),
                dims(v.shape()),
                size,
                numbers.isEmpty() ? null : numbers,
                numbers.isEmpty() ? "n" : ROWS,
                null,
                null,
                pixels instanceof Levels levels ? levels : null);
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
                null);
    }

    private Output output(String name, Value v) {
        var mark = AdamWGraph.updated("");
        var updated = name.startsWith(mark) ? name.substring(mark.length()) : name;
        return states.contains(updated)
                ? new Output(name, Sink.STATE, updated, Mode.WRITE, dtype(v), dims(v.shape()))
                : new Output(name, Sink.METRIC, null, null, dtype(v), dims(v.shape()));
    }

    private static String dtype(Value v) {
        return v.type().dtype().label();
    }

    /// Dimensions as the manifest writes them, -1 for the free batch.
    static List<Long> dims(Shape s) {
        return IntStream.range(0, s.rank())
                .mapToObj(i -> i == 0 && s.batched() ? -1L : s.dim(i))
                .toList();
    }
}
