package dev.lejepa.tools.bench;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.MultivariateTest;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Times a regularizer and its gradient on standard normal vectors.
public final class LossBench {
    private static final String SAMPLES = "samples";
    private static final String DIRECTIONS = "directions";
    /// Java compiles its kernels while they run.
    private static final long WARM_UP_NANOS = 500_000_000;

    private static final int WARM_UP_RUNS = 3;

    private final Engine engine;
    private final int runs;

    /// @param runs that are timed at each size
    public LossBench(Engine engine, int runs) {
        this.engine = engine;
        this.runs = runs;
    }

    /// What was measured at one size.
    ///
    /// @param minMillis of one run, the least
    /// @param memoryBytes that the graph holds at its peak, as the compiler counts it
    /// @param loss to show that it computes
    public record Result(double minMillis, double medianMillis, long memoryBytes, double loss) {}

        var graph = BundleBuilder.prepare(graph(size.build(), size.n(), size.k()), engine.target());
        var lowered = Lowering.lower(graph, engine.target(), Map.of()).proto().toByteArray();
        var memory = MemoryEstimate.of(0, List.of(graph), _ -> false, 1).total();
        try (var model = engine.load(graph.name(), lowered)) {
            return run(model, memory);
        }
    }

    private static Graph graph(MultivariateTest test, int n, int k) {
        var g = new Graph("loss");
        var z = g.input(SAMPLES, Type.f32(1, n, k));
        Optional<Value> directions =
                test.slices() == 0 ? Optional.empty() : Optional.of(g.input(DIRECTIONS, Type.f32(k, test.slices())));
        var loss = test.statistic(z, directions).mean();
        g.output("loss", loss);
        g.output("gradient", Autodiff.gradients(loss, List.of(z)).getFirst());
        return g;
    }

    private Result run(Model model, long memory) {
        var tensors = new HashMap<String, DeviceTensor>();
        try (var binding = model.bind()) {
            for (var port : model.inputs()) {
                var tensor = tensor(port.name(), port.shape());
                tensor.setFloats(normal(port.name(), Math.toIntExact(tensor.size())));
                binding.input(port.name(), tensor);
                tensors.put(port.name(), tensor);
            }
            for (var port : model.outputs()) {
                var tensor = tensor(port.name(), port.shape());
                binding.output(port.name(), tensor);
                tensors.put(port.name(), tensor);
            }
            var millis = times(binding);
            var loss = Objects.requireNonNull(tensors.get("loss")).item();
            return new Result(millis[0], millis[millis.length / 2], memory, loss);
        } finally {
            new ArrayList<>(tensors.values()).forEach(DeviceTensor::close);
        }
    }

    /// In ascending order.
    private double[] times(Binding binding) {
        var start = System.nanoTime();
        for (var i = 0; i < WARM_UP_RUNS || System.nanoTime() - start < WARM_UP_NANOS; i++) {
            binding.run();
        }
        var millis = new double[runs];
        for (var i = 0; i < runs; i++) {
            var began = System.nanoTime();
            binding.run();
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    private DeviceTensor tensor(String name, List<Long> shape) {
        return engine.allocate(
                name, DType.FLOAT32, shape.stream().mapToLong(Long::longValue).toArray());
    }

    private static float[] normal(String name, int length) {
        var values = new float[length];
        Fill.normal(Key.of(0, "bench").fold(name), 0, MemorySegment.ofArray(values), 0, 1);
        return values;
    }
}
