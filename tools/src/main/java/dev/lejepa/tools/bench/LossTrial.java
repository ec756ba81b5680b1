package dev.lejepa.tools.bench;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A regularizer with its gradient in an engine, ready to run on standard normal vectors.
final class LossTrial implements AutoCloseable {
    private static final String SAMPLES = "samples";
    private static final String DIRECTIONS = "directions";
    private static final String LOSS = "loss";

    private final long memoryBytes;
    private final Model model;
    private final Binding binding;
    private final Map<String, DeviceTensor> tensors = new HashMap<>();

    private LossTrial(Model model, long memoryBytes) {
        this.model = model;
        this.memoryBytes = memoryBytes;
        this.binding = model.bind();
    }

    static LossTrial prepare(Engine engine, LossSize size) {
        var graph = prepared(engine, size);
        var lowered = Lowering.lower(graph, engine.target(), Map.of()).proto().toByteArray();
        var trial = new LossTrial(engine.load(graph.name(), lowered), memoryBytes(graph));
        try {
            trial.bind(engine);
            return trial;
        } catch (RuntimeException | Error e) {
            trial.close();
            throw e;
        }
    }

    /// What a size takes at its peak, as the compiler counts it.
    static long memoryBytes(Engine engine, LossSize size) {
        return memoryBytes(prepared(engine, size));
    }

    private static long memoryBytes(Graph graph) {
        return MemoryEstimate.of(0, List.of(graph), _ -> false, 1).total();
    }

    private static Graph prepared(Engine engine, LossSize size) {
        return BundleBuilder.prepare(graph(size), engine.target());
    }

    private static Graph graph(LossSize size) {
        var test = size.build();
        var g = new Graph(LOSS);
        var z = g.input(SAMPLES, Type.f32(1, size.n(), size.k()));
        Optional<Value> directions = test.slices() == 0
                ? Optional.empty()
                : Optional.of(g.input(DIRECTIONS, Type.f32(size.k(), test.slices())));
        var loss = test.statistic(z, directions).mean();
        g.output(LOSS, loss);
        g.output("gradient", Autodiff.gradients(loss, List.of(z)).getFirst());
        return g;
    }

    private void bind(Engine engine) {
        for (var port : model.inputs()) {
            var tensor = tensor(engine, port.name(), port.shape());
            tensor.setFloats(normal(port.name(), Math.toIntExact(tensor.size())));
            binding.input(port.name(), tensor);
        }
        for (var port : model.outputs()) {
            binding.output(port.name(), tensor(engine, port.name(), port.shape()));
        }
    }

    private DeviceTensor tensor(Engine engine, String name, List<Long> shape) {
        var tensor = engine.allocate(
                name, DType.FLOAT32, shape.stream().mapToLong(Long::longValue).toArray());
        tensors.put(name, tensor);
        return tensor;
    }

    private static float[] normal(String name, int length) {
        var values = new float[length];
        Fill.normal(Key.of(0, "bench").fold(name), 0, MemorySegment.ofArray(values), 0, 1);
        return values;
    }

    void run() {
        binding.run();
    }

    long memoryBytes() {
        return memoryBytes;
    }

    double loss() {
        return Objects.requireNonNull(tensors.get(LOSS)).item();
    }

    @Override
    public void close() {
        binding.close();
        tensors.values().forEach(DeviceTensor::close);
        model.close();
    }
}
