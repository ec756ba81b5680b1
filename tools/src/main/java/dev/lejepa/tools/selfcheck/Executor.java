package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import java.util.Map;

/// Something that runs graphs.
public interface Executor {
    /// What reports call it: `portable`, `ort`.
    String label();

    /// How exact its results can be.
    Precision precision();

    /// The layout in which it runs maps fastest.
    ImageLayout imageLayout();

    /// Makes a graph ready to be run any number of times.
    Loaded load(Graph graph);

    /// Runs a graph once.
    ///
    /// @param inputs by name; those that the graph lacks are ignored
    /// @return the graph's outputs by name
    default Map<String, NdArray> run(Graph graph, Map<String, NdArray> inputs) {
        try (var loaded = load(graph)) {
            return loaded.run(inputs);
        }
    }

    /// A graph that is ready to run.
    interface Loaded extends AutoCloseable {
        /// @see Executor#run
        Map<String, NdArray> run(Map<String, NdArray> inputs);

        @Override
        void close();
    }
}
