package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph loaded into an engine. Runs do not change it.
public interface Model extends AutoCloseable {
    /// The file's name, or what the caller called it.
    String name();

    List<Port> inputs();

    List<Port> outputs();

    /// The value of an entry of the file's `metadata_props`, if there is such an entry.
    Optional<String> metadata(String key);

    /// A new set of ties between this graph's inputs and outputs and tensors.
    Binding bind();

    /// Runs once. The outputs belong to the caller.
    ///
    /// @param inputs a tensor for every input
    Outputs run(Map<String, DeviceTensor> inputs);

    /// The input of this name.
    ///
    /// @throws EngineException if there is none
    default Port input(String name) {
        return find("input", inputs(), name);
    }

    /// The output of this name.
    ///
    /// @throws EngineException if there is none
    default Port output(String name) {
        return find("output", outputs(), name);
    }

    @Override
    void close();

    private Port find(String what, List<Port> among, String wanted) {
        return among.stream()
                .filter(i -> i.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new EngineException(Text.format(
                        "%s has no %s '%s'; it has %s",
                        name(), what, wanted, among.stream().map(Port::name).toList())));
    }
}
