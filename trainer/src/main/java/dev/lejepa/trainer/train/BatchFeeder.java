package dev.lejepa.trainer.train;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.Batch;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Ties a loader's batches to a program's inputs. The loader's own memory is bound, so views are never copied.
final class BatchFeeder implements AutoCloseable {
    private final Program program;
    private final List<Manifest.Input> views;
    private final boolean labelled;
    private final Map<Long, DeviceTensor> wrapped = new HashMap<>();

    BatchFeeder(Program program) {
        this.program = program;
        var inputs = program.manifest().stages().stream()
                .flatMap(s -> s.inputs().stream())
                .toList();
        this.views =
                inputs.stream().filter(i -> i.is() == Manifest.Source.VIEWS).toList();
        this.labelled = inputs.stream().anyMatch(i -> i.is() == Manifest.Source.LABELS);
    }

    void feed(Batch batch) {
        for (var group = 0; group < views.size(); group++) {
            var in = views.get(group);
            program.bind(in.name(), tensor(in, batch.views(group)));
        }
        if (labelled) {
            program.input(TrainGraph.LABELS).setLongs(batch.labels());
        }
    }

    /// The loader's buffers are few and used in turn, so each is wrapped once.
    private DeviceTensor tensor(Manifest.Input in, MemorySegment memory) {
        return wrapped.computeIfAbsent(memory.address(), a -> {
            var shape = in.shape().stream().mapToLong(Long::longValue).toArray();
            return program.engine().wrap(in.name(), DType.of(in.dtype()), memory, shape);
        });
    }

    @Override
    public void close() {
        wrapped.values().forEach(DeviceTensor::close);
    }
}
