package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;
import java.util.LinkedHashMap;
import java.util.Map;

/// The results of one run, by name in the graph's order, freed together.
public final class Outputs implements AutoCloseable {
    private final Map<String, DeviceTensor> tensors;

    /// @param tensors in the graph's order; they belong to this object from now on
    public Outputs(Map<String, DeviceTensor> tensors) {
        this.tensors = new LinkedHashMap<>(tensors);
    }

    /// The output of this name.
    ///
    /// @throws EngineException if there is none
    public DeviceTensor get(String name) {
        var t = tensors.get(name);
        if (t == null) {
            throw new EngineException(Text.format("there is no output '%s', only %s", name, tensors.keySet()));
        }
        return t;
    }

    /// The first output of the graph.
    public DeviceTensor first() {
        return tensors.values().iterator().next();
    }

    /// All outputs by name.
    public Map<String, DeviceTensor> all() {
        return Map.copyOf(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(DeviceTensor::close);
    }
}
