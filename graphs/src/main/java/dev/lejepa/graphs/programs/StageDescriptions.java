package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Sink;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.programs.Manifest.Stage;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What was said of the inputs and outputs of a graph, in the manifest's words.
final class StageDescriptions {
    private static final String IMAGES = "n";

    private StageDescriptions() {}

    /// A stage that runs once a step.
    ///
    /// @param graph as it is lowered
    /// @param said of its inputs and outputs
    static Stage once(String name, String file, Graph graph, Declarations said) {
        return new Stage(name, file, inputs(graph, said), outputs(graph, said));
    }

    static List<StageInput> inputs(Graph graph, Declarations said) {
        return graph.inputs().sequencedEntrySet().stream()
                .map(e -> input(e.getKey(), e.getValue(), said.feed(e.getKey())))
                .toList();
    }

    static List<StageOutput> outputs(Graph graph, Declarations said) {
        return graph.outputs().sequencedEntrySet().stream()
                .map(e -> output(e.getKey(), e.getValue(), said.sink(e.getKey())))
                .toList();
    }

    private static StageInput input(String name, Value v, Feed feed) {
        var dtype = dtype(v);
        var dims = dims(v.shape());
        return switch (feed) {
            case Feed.State(var state) -> new StageInput.State(name, state, dtype, dims);
            case Feed.Images(var views, var size, var pixels) ->
                new StageInput.Views(
                        name,
                        dtype,
                        dims,
                        size,
                        numbers(views),
                        isViews(views) ? StageInput.ROWS : IMAGES,
                        levels(pixels));
            case Feed.Labels() -> new StageInput.Labels(name, dtype, dims, IMAGES);
            case Feed.Draw(var distribution, var views) ->
                new StageInput.Draw(name, dtype, dims, numbers(views), rows(isViews(views)), distribution, null);
            case Feed.Rate(var group) -> new StageInput.Rate(name, dtype, dims, group);
            case Feed.StepNumber() -> new StageInput.StepNumber(name, dtype, dims);
            case Feed.Handed(var rows) -> new StageInput.Handed(name, dtype, dims, rows(rows));
            case Feed.Data() -> new StageInput.Data(name, dtype, dims);
        };
    }

    private static StageOutput output(String name, Value v, Sink sink) {
        var dtype = dtype(v);
        var dims = dims(v.shape());
        return switch (sink) {
            case Sink.Metric() -> new StageOutput.Metric(name, dtype, dims);
            case Sink.State(var state, var accumulated) ->
                new StageOutput.State(
                        name, state, accumulated ? StageOutput.Mode.ACCUMULATE : StageOutput.Mode.WRITE, dtype, dims);
            case Sink.Handed(var rows) -> new StageOutput.Handed(name, dtype, dims, rows(rows));
        };
    }

    private static boolean isViews(Views views) {
        return views.count() > 0;
    }

    private static @Nullable String rows(boolean views) {
        return views ? StageInput.ROWS : null;
    }

    private static @Nullable List<Integer> numbers(Views views) {
        return isViews(views) ? views.numbers() : null;
    }

    private static Pixels.@Nullable Levels levels(Pixels pixels) {
        return switch (pixels) {
            case Pixels.Levels levels -> levels;
            case Pixels.Normalized() -> null;
        };
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
