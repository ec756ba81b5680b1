package dev.lejepa.tools.inspect;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.Manifest.MicroBatches;
import dev.lejepa.graphs.programs.Manifest.Stage;
import dev.lejepa.graphs.programs.StageInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a step is cut: the order of its stages, and what they hand to each other.
final class CutSummary {
    private CutSummary() {}

    /// @return nothing where a step is not cut
    static List<String> lines(Manifest manifest) {
        var lines = new ArrayList<String>();
        Optional.ofNullable(manifest.microBatches()).ifPresent(cut -> lines.add(order(manifest, cut)));
        manifest.stages().forEach(stage -> handed(stage).ifPresent(lines::add));
        return lines;
    }

    /// Neighbors that run for each micro-batch run one after the other for the first, then for the next.
    private static String order(Manifest manifest, MicroBatches cut) {
        var turns = new ArrayList<List<Stage>>();
        for (var stage : manifest.stages()) {
            var joins = stage.perMicroBatch()
                    && !turns.isEmpty()
                    && turns.getLast().getLast().perMicroBatch();
            if (!joins) {
                turns.add(new ArrayList<>());
            }
            turns.getLast().add(stage);
        }
        return Text.format(
                "  step       %d x %d images: %s",
                cut.count(),
                cut.images(),
                turns.stream().map(turn -> words(turn, cut)).collect(Collectors.joining(", ")));
    }

    private static String words(List<Stage> turn, MicroBatches cut) {
        var names = turn.stream().map(Stage::name).collect(Collectors.joining(", "));
        return turn.getFirst().perMicroBatch() ? Text.format("%d x (%s)", cut.count(), names) : names;
    }

    private static Optional<String> handed(Stage stage) {
        var handed = stage.inputs().stream()
                .filter(StageInput.Handed.class::isInstance)
                .toList();
        var bytes = handed.stream().mapToLong(CutSummary::bytes).sum();
        return handed.isEmpty()
                ? Optional.empty()
                : Optional.of(Text.format(
                        "  handed     to %s: %d tensors, %.1f MB", stage.name(), handed.size(), bytes / 1e6));
    }

    private static long bytes(StageInput input) {
        return input.shape().stream().reduce(1L, Math::multiplyExact)
                * DType.of(input.dtype()).bytes();
    }
}
