package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import java.util.LinkedHashMap;
import java.util.Map;

/// Ties a loader's batches to a program's inputs. Where the device computes in host memory, the loader's own is bound,
/// so views are never copied.
final class BatchFeeder implements AutoCloseable {
    private final Program program;
    /// By the names of inputs, which are those of the loader's groups.
    private final Map<String, HostFeed> views = new LinkedHashMap<>();
    private final boolean labelled;

    BatchFeeder(Program program) {
        this.program = program;
        var inputs = program.manifest().fed();
        inputs.stream()
                .filter(BatchFeeder::ofImages)
                .forEach(i -> views.computeIfAbsent(i.name(), name -> new HostFeed(program, name)));
        this.labelled = inputs.stream().anyMatch(StageInput.Labels.class::isInstance);
    }

    /// Whether an input is made of a batch's images: views, or what a stage makes them of.
    private static boolean ofImages(StageInput input) {
        return switch (input) {
            case StageInput.Views _, StageInput.Crops _ -> true;
            case StageInput.Draw draw -> draw.columns() != null;
            case StageInput.State _,
                    StageInput.Labels _,
                    StageInput.Rate _,
                    StageInput.StepNumber _,
                    StageInput.Handed _,
                    StageInput.Data _ -> false;
        };
    }

    void feed(Batch batch) {
        views.forEach((name, feed) -> feed.set(batch.views(name)));
        if (labelled) {
            program.input(TrainGraph.LABELS).setLongs(batch.labels());
        }
    }

    /// Begins to copy the views of the batch that is fed next.
    void ahead(Batch batch) {
        views.forEach((name, feed) -> feed.ahead(batch.views(name)));
    }

    @Override
    public void close() {
        views.values().forEach(HostFeed::close);
    }
}
