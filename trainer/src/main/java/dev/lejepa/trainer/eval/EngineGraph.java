package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.Model;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A graph in the engine, its inputs and outputs tied to tensors for good.
final class EngineGraph implements AutoCloseable {
    private final Model model;
    private final Binding binding;

    /// Ties each input and output to the tensor of its name.
    EngineGraph(Graph graph, EngineTensors tensors) {
        this(graph, tensors, UnaryOperator.identity());
    }

    /// @param home the tensor that an output is written to, by the output's name
    EngineGraph(Graph graph, EngineTensors tensors, UnaryOperator<String> home) {
        var target = tensors.engine().target();
        var lowered = Lowering.lower(BundleBuilder.prepare(graph, target), target, Map.of());
        this.model = tensors.engine().load(graph.name(), lowered.proto().toByteArray());
        this.binding = model.bind();
        try {
            model.inputs().forEach(port -> binding.input(port.name(), tensors.of(port.name(), port)));
            model.outputs().forEach(port -> binding.output(port.name(), tensors.of(home.apply(port.name()), port)));
        } catch (RuntimeException | OutOfMemoryError e) {
            close(); // there may be no room for the tensors
            throw e;
        }
    }

    void run() {
        binding.run();
    }

    @Override
    public void close() {
        binding.close();
        model.close();
    }
}
