package dev.lejepa.tools.run;

import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.graphs.safetensors.TensorInfo;
import dev.lejepa.runtime.engine.FileTypes;
import dev.lejepa.runtime.engine.Program;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Every input of a step that is no state, copied when the graphs are about to read it: an engine may use an input's
/// memory for its own results. Of inputs that each micro-batch has for itself, the rows of all of them, one after the
/// other.
final class TraceStep implements AutoCloseable {
    private final Program program;
    private final Arena arena = Arena.ofConfined();
    private final Map<String, MemorySegment> copies = new LinkedHashMap<>();
    private final Set<String> ofMicroBatches;
    private final int microBatches;

    TraceStep(Program program) {
        this.program = program;
        this.microBatches =
                program.microBatches().map(Manifest.MicroBatches::count).orElse(1);
        this.ofMicroBatches = program.manifest().stages().stream()
                .filter(Manifest.Stage::perMicroBatch)
                .flatMap(s -> s.inputs().stream())
                .filter(StageInput::isFed)
                .map(StageInput::name)
                .collect(Collectors.toSet());
    }

    /// Copies what is bound for a micro-batch.
    void add(int microBatch) {
        for (var port : program.inputs()) {
            var tensor = program.input(port.name());
            var times = times(port.name());
            var copy = copies.computeIfAbsent(port.name(), _ -> arena.allocate(times * tensor.byteSize(), Long.BYTES));
            tensor.copyTo(copy.asSlice(times > 1 ? microBatch * tensor.byteSize() : 0, tensor.byteSize()));
        }
    }

    private int times(String input) {
        return ofMicroBatches.contains(input) ? microBatches : 1;
    }

    void write(Path to) throws IOException {
        var file = new SafetensorsWriter(Map.of());
        copies.forEach((name, copy) -> {
            var port = program.port(name);
            var shape = new ArrayList<>(port.shape());
            if (times(name) > 1) {
                shape.set(0, shape.getFirst() * microBatches);
            }
            file.add(new TensorInfo(name, FileTypes.of(port.dtype()), shape), copy);
        });
        file.write(to);
    }

    @Override
    public void close() {
        arena.close();
    }
}
