package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Port;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lowers graphs for one target, as a bundle's are, and runs them in an engine, which belongs to the caller.
public final class EngineExecutor implements Executor {
    private final Engine engine;
    private final Target target;

    public EngineExecutor(Engine engine, Target target) {
        this.engine = engine;
        this.target = target;
    }

    @Override
    public String label() {
        return target.label();
    }

    @Override
    public Precision precision() {
        return Precision.FLOAT;
    }

    @Override
    public ImageLayout imageLayout() {
        return target.imageLayout();
    }

    @Override
    public Loaded load(Graph graph) {
        var lowered = Lowering.lower(BundleBuilder.prepare(graph, target), target, Map.of());
        return new LoadedModel(engine, engine.load(graph.name(), lowered.proto().toByteArray()));
    }

    private record LoadedModel(Engine engine, Model model) implements Loaded {
        @Override
        public Map<String, NdArray> run(Map<String, NdArray> inputs) {
            var feeds = new HashMap<String, DeviceTensor>();
            try {
                model.inputs().forEach(port -> feeds.put(port.name(), tensor(port, inputs)));
                try (var outputs = model.run(feeds)) {
                    var results = new LinkedHashMap<String, NdArray>();
                    outputs.all().forEach((name, tensor) -> results.put(name, array(tensor)));
                    return results;
                }
            } finally {
                feeds.values().forEach(DeviceTensor::close);
            }
        }

        private DeviceTensor tensor(Port port, Map<String, NdArray> inputs) {
            var array = inputs.get(port.name());
            if (array == null) {
                throw new IllegalArgumentException(Text.format("nothing is fed to input '%s'", port.name()));
            }
            var tensor =
                    engine.allocate(port.name(), port.dtype(), array.shape().dims());
            if (port.dtype() == DType.INT64) {
                tensor.setLongs(array.toLongs());
            } else {
                tensor.setFloats(array.toFloats());
            }
            return tensor;
        }

        private static NdArray array(DeviceTensor tensor) {
            var shape =
                    Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
            return tensor.dtype() == DType.INT64
                    ? NdArray.of(shape, tensor.toLongs())
                    : NdArray.of(shape, tensor.toFloats());
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
