package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Ties a loader's batches to a program's inputs. Where the device computes in host memory, the loader's own is bound,
/// so views are never copied; but for a last micro-batch that has more rows than are left.
final class BatchFeeder implements AutoCloseable {
    private final Program program;
    private final MicroBatchRows rows;
    /// By the names of inputs, which are those of the loader's groups.
    private final Map<String, HostFeed> views = new LinkedHashMap<>();

    private final boolean labelled;
    private final Arena arena = Arena.ofShared();
    /// Rows of a micro-batch that is filled up.
    private final Map<String, MemorySegment> filled = new HashMap<>();

    private Optional<Batch> batch = Optional.empty();

    BatchFeeder(Program program, MicroBatchRows rows) {
        this.program = program;
        this.rows = rows;
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

    /// Sets labels and, where steps are not cut, views.
    ///
    /// @param labels of all images of the step, those of other processes too
    void feed(Batch next, long[] labels) {
        batch = Optional.of(next);
        if (!rows.cut()) {
            views.forEach((name, feed) -> feed.set(next.views(name)));
        }
        if (labelled) {
            program.input(TrainGraph.LABELS).setLongs(labels);
        }
    }

    /// Sets the views of a micro-batch, if there is a batch: a caller may have set them.
    void feed(int microBatch) {
        batch.ifPresent(b -> views.forEach((name, feed) -> feed.set(memory(b, name, microBatch))));
    }

    /// Begins to copy the views of the batch that is fed next, or of its first micro-batch.
    void ahead(Batch next) {
        views.forEach((name, feed) -> feed.ahead(rows.cut() ? memory(next, name, 0) : next.views(name)));
    }

    private MemorySegment memory(Batch of, String name, int microBatch) {
        var all = of.views(name);
        var image = all.byteSize() / of.size();
        if (rows.full(microBatch, of.size())) {
            return all.asSlice(microBatch * rows.images() * image, rows.images() * image);
        }
        var memory = filled.computeIfAbsent(name, _ -> arena.allocate(rows.images() * image, Long.BYTES));
        for (var row = 0; row < rows.images(); row++) {
            var from = rows.image(microBatch, row, of.size()) * image;
            MemorySegment.copy(all, from, memory, row * image, image);
        }
        return memory;
    }

    @Override
    public void close() {
        views.values().forEach(HostFeed::close);
        arena.close();
    }
}
