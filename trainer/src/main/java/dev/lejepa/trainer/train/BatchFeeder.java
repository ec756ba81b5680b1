package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import java.util.List;

/// Ties a loader's batches to a program's inputs. Where the device computes in host memory, the loader's own is bound,
/// so views are never copied.
final class BatchFeeder implements AutoCloseable {
    private final Program program;
    private final List<HostFeed> views;
    private final boolean labelled;

    BatchFeeder(Program program) {
        this.program = program;
        var inputs = program.manifest().stages().stream()
                .flatMap(s -> s.inputs().stream())
                .toList();
        this.views = inputs.stream()
                .filter(i -> i.is() == Manifest.Source.VIEWS)
                .map(i -> new HostFeed(program, i.name()))
                .toList();
        this.labelled = inputs.stream().anyMatch(i -> i.is() == Manifest.Source.LABELS);
    }

    void feed(Batch batch) {
        for (var group = 0; group < views.size(); group++) {
            views.get(group).set(batch.views(group));
        }
        if (labelled) {
            program.input(TrainGraph.LABELS).setLongs(batch.labels());
        }
    }

    /// Begins to copy the views of the batch that is fed next.
    void ahead(Batch batch) {
        for (var group = 0; group < views.size(); group++) {
            views.get(group).ahead(batch.views(group));
        }
    }

    @Override
    public void close() {
        views.forEach(HostFeed::close);
    }
}
