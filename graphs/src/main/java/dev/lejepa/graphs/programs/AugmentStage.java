package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.augment.AugmentGraph;
import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.augment.DrawColumn;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.Manifest.Runs;
import dev.lejepa.graphs.programs.Manifest.Stage;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The graph that makes a recipe's views of crops, and what it reads and writes.
///
/// @param first whether it is the first stage of a step
record AugmentStage(Bundle.GraphFile content, Stage stage, boolean first) {
    private static final String NAME = "augment";

    /// Nothing where a graph cannot make views of this size.
    ///
    /// @param views that a step reads
    /// @param microBatches where the step is cut; views are then made for one at a time
    static Optional<AugmentStage> of(
            Recipe recipe, List<ViewInput> views, Target target, Optional<Manifest.MicroBatches> microBatches) {
        var spec = recipe.views();
        if (!spec.asGraph()) {
            return Optional.empty();
        }
        var inputs = views.stream()
                .map(v -> CropInput.of(v.views().label(), v.views().count(), v.height()))
                .toList();
        // nothing is fused: levels are whole numbers, and each rounding is PIL's
        var images = microBatches
                .map(Manifest.MicroBatches::images)
                .orElse(recipe.data().batch());
        var graph = BundleBuilder.simplify(AugmentGraph.build(spec, images, inputs));
        var described = IntStream.range(0, inputs.size())
                .boxed()
                .flatMap(i -> inputs(graph, inputs.get(i), views.get(i), spec))
                .toList();
        var outputs = inputs.stream()
                .map(CropInput::views)
                .<StageOutput>map(name ->
                        output(name, Objects.requireNonNull(graph.outputs().get(name))))
                .toList();
        var runs = spec.onDevice() && microBatches.isPresent() ? Runs.MICRO_BATCH : null;
        var stage = new Stage(NAME, Bundle.AUGMENT, runs, null, described, outputs);
        return Optional.of(new AugmentStage(new Bundle.GraphFile(graph, target, Map.of()), stage, spec.onDevice()));
    }

    private static Stream<StageInput> inputs(Graph graph, CropInput in, ViewInput made, ViewsSpec spec) {
        var numbers = made.views().numbers();
        var columns = Arrays.stream(DrawColumn.values())
                .map(c -> new StageInput.Column(c.label(), distribution(c, spec)))
                .toList();
        var crops = Objects.requireNonNull(graph.inputs().get(in.crops()));
        var draws = Objects.requireNonNull(graph.inputs().get(in.draws()));
        return Stream.of(
                new StageInput.Crops(in.crops(), dtype(crops), dims(crops), in.canvas(), numbers, StageInput.ROWS),
                new StageInput.Draw(in.draws(), dtype(draws), dims(draws), numbers, StageInput.ROWS, null, columns));
    }

    private static String dtype(Value v) {
        return StageDescriptions.dtype(v);
    }

    private static List<Long> dims(Value v) {
        return StageDescriptions.dims(v.shape());
    }

    private static StageOutput output(String name, Value v) {
        return new StageOutput.Views(name, dtype(v), dims(v));
    }

    /// How a column is drawn that depends on no other. Jitter's factors are those of views that are jittered; the
    /// recipe says how many are.
    private static @Nullable Distribution distribution(DrawColumn column, ViewsSpec spec) {
        JitterSpec jitter = spec.jitter();
        return switch (column) {
            case FLIP -> new Distribution.Bernoulli(spec.flip(), 1);
            case BRIGHTNESS -> factor(jitter.brightness());
            case CONTRAST -> factor(jitter.contrast());
            case SATURATION -> factor(jitter.saturation());
            case GRAYSCALE -> new Distribution.Bernoulli(spec.grayscale(), 1);
            case SOLARIZE -> new Distribution.Bernoulli(spec.solarize().p(), 1);
            case HEIGHT, WIDTH, FIRST, SECOND, THIRD, FOURTH, HUE, SIGMA -> null;
        };
    }

    private static Distribution factor(double strength) {
        return new Distribution.Uniform(Math.max(0, 1 - strength), 1 + strength);
    }
}
