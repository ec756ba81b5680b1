package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Buffer;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import java.util.List;
import java.util.stream.Stream;

/// What the layers of all graphs of a step keep from step to step.
record Declared(List<Parameter> parameters, List<Buffer> buffers) {
    /// @param graphs what layers of each asked for, no name in two of them
    static Declared of(Declarations... graphs) {
        return new Declared(
                Stream.of(graphs).flatMap(d -> d.parameters().stream()).toList(),
                Stream.of(graphs).flatMap(d -> d.buffers().stream()).toList());
    }
}
