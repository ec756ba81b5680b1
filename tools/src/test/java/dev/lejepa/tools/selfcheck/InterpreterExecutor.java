package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import java.util.Map;

/// Runs graphs in double precision, without an engine.
final class InterpreterExecutor implements Executor {
    @Override
    public String label() {
        return "interpreter";
    }

    @Override
    public Precision precision() {
        return Precision.DOUBLE;
    }

    @Override
    public ImageLayout imageLayout() {
        return ImageLayout.NCHW;
    }

    @Override
    public Loaded load(Graph graph) {
        return new Loaded() {
            @Override
            public Map<String, NdArray> run(Map<String, NdArray> inputs) {
                return Interpreter.evaluate(graph, inputs);
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
    }
}
