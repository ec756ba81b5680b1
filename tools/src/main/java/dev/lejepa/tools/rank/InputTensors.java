package dev.lejepa.tools.rank;

import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.TensorInfo;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.FileTypes;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Port;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tensors of a graph's inputs, freed together.
final class InputTensors implements AutoCloseable {
    private final Engine engine;
    private final Map<String, DeviceTensor> tensors = new LinkedHashMap<>();

    InputTensors(Engine engine) {
        this.engine = engine;
    }

    /// Copies the parameters and buffers that a graph reads from a checkpoint's file.
    ///
    /// @param stage what the manifest says of the graph
    /// @throws dev.lejepa.graphs.BadInputException if one is missing or has another type or shape
    void load(Path file, Model graph, Manifest.Stage stage) throws IOException {
        try (var saved = SafetensorsFile.open(file)) {
            for (var input : stage.inputs()) {
                if (input instanceof StageInput.State state) {
                    load(saved, graph.input(state.name()), state.state());
                }
            }
        }
    }

    private void load(SafetensorsFile saved, Port port, String state) {
        var bytes = saved.bytes(new TensorInfo(state, FileTypes.of(port.dtype()), port.shape()));
        var dims = port.shape().stream().mapToLong(Long::longValue).toArray();
        keep(port.name(), engine.allocate(port.name(), port.dtype(), dims)).copyFrom(bytes);
    }

    /// Frees a tensor with the others.
    DeviceTensor keep(String name, DeviceTensor tensor) {
        tensors.put(name, tensor);
        return tensor;
    }

    Map<String, DeviceTensor> tensors() {
        return Map.copyOf(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(DeviceTensor::close);
    }
}
