package dev.lejepa.tools.bench;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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

    /// Elements of all tensors whose bytes a `long` counts.
    private static final double COUNTABLE = 0x1p58;

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

    /// What a size takes at its peak, as the compiler counts it; [Long#MAX_VALUE] beyond what it can count.
    static long memoryBytes(Engine engine, LossSize size) {
        return memoryBytes(prepared(engine, size));
    }

    private static long memoryBytes(Graph graph) {
        var all = graph.nodes().stream()
                .flatMap(n -> n.outputs().stream())
                .mapToDouble(v -> elements(v.shape()))
                .sum();
        return all > COUNTABLE
                ? Long.MAX_VALUE
                : MemoryEstimate.of(0, List.of(graph), _ -> false, 1).total();
    }

    private static double elements(Shape shape) {
        return Arrays.stream(shape.dims()).asDoubleStream().reduce(1, (a, b) -> a * b);
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
            draw(port.name(), tensor);
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

    /// Fills a tensor with normal numbers, on their way through native memory where it lies on a device.
    private static void draw(String name, DeviceTensor tensor) {
        if (tensor.onHost()) {
            draw(name, tensor.segment());
            return;
        }
        try (var arena = Arena.ofShared()) {
            var values = arena.allocate(tensor.byteSize(), Float.BYTES);
            draw(name, values);
            tensor.copyFrom(values);
        }
    }

    private static void draw(String name, MemorySegment to) {
        var key = Key.of(0, "bench").fold(name);
        Fill.parallel(to, (offset, part) -> Fill.normal(key, offset, part, 0, 1));
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
