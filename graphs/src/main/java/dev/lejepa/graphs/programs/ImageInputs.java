package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.programs.Manifest.Input;
import dev.lejepa.graphs.programs.Manifest.Source;
import dev.lejepa.graphs.programs.Pixels.Levels;
import java.util.List;
import java.util.stream.IntStream;

/// Says what feeds the graphs of a recipe from outside: views of images and labels.
///
/// @param views that a step reads
/// @param images how a graph of single images reads them
record ImageInputs(List<ViewInput> views, Pixels images) implements StageDescriptions.Feeds {
    @Override
    public Input describe(String name, Value v) {
        for (var in : views) {
            if (in.label().equals(name)) {
                return views(name, v, in.height(), in.views(), in.pixels());
            }
        }
        return switch (name) {
            case TrainGraph.LABELS -> labels(name, v);
            case EvaluateGraph.IMAGES -> views(name, v, Math.toIntExact(v.dim(-1)), Views.NONE, images);
            default -> throw new IllegalStateException(Text.format("nothing says what input '%s' is", name));
        };
    }

    private static Input labels(String name, Value v) {
        return new Input(
                name,
                Source.LABELS,
                null,
                StageDescriptions.dtype(v),
                StageDescriptions.dims(v.shape()),
                null,
                null,
                "n",
                null,
                null,
                null,
                null);
    }

    private static Input views(String name, Value v, int size, Views views, Pixels pixels) {
        var numbers = IntStream.range(views.first(), views.first() + views.count())
                .boxed()
                .toList();
        return new Input(
                name,
                Source.VIEWS,
                null,
                StageDescriptions.dtype(v),
                StageDescriptions.dims(v.shape()),
                size,
                numbers.isEmpty() ? null : numbers,
                numbers.isEmpty() ? "n" : StageDescriptions.ROWS,
                null,
                null,
                pixels instanceof Levels levels ? levels : null,
                null);
    }
}
