package dev.lejepa.tools.stat;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A lowered graph in the engine whose inputs and outputs are all float32.
final class FloatGraph implements AutoCloseable {
    private final Model model;
    private final Map<String, DeviceTensor> inputs = new LinkedHashMap<>();

    FloatGraph(Engine engine, Graph graph) {
        var lowered = Lowering.lower(BundleBuilder.prepare(graph, engine.target()), engine.target(), Map.of());
        this.model = engine.load(graph.name(), lowered.proto().toByteArray());
        for (var port : model.inputs()) {
            var shape = port.shape().stream().mapToLong(Long::longValue).toArray();
            inputs.put(port.name(), engine.allocate(port.name(), DType.FLOAT32, shape));
        }
    }

    /// Runs once.
    ///
    /// @param values of every input, row-major
    Map<String, float[]> run(Map<String, float[]> values) {
        inputs.forEach((name, tensor) -> tensor.setFloats(values.getOrDefault(name, new float[0])));
        try (var outputs = model.run(inputs)) {
            var results = new HashMap<String, float[]>();
            outputs.all().forEach((name, tensor) -> results.put(name, tensor.toFloats()));
            return results;
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(DeviceTensor::close);
        model.close();
    }
}
