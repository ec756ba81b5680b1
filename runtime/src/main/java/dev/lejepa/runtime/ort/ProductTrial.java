package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.ProductNodes;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Model;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A product with its formula, timed on the device that computes it, in several ways on the same operands.
final class ProductTrial implements AutoCloseable {
    /// Device and host are warm after so long: caches are full, and Java code has become machine code.
    private static final double WARM_UP_MILLIS = 40;

    /// A round is so long that the host's wait at its end does not count.
    private static final double ROUND_MILLIS = 4;

    private static final int ROUNDS = 5;

    /// Numbers that are drawn; a larger operand has them again and again.
    private static final int DRAWN = 1 << 16;

    private final List<DeviceTensor> operands = new ArrayList<>();
    private final List<DeviceTensor> results = new ArrayList<>();
    private final List<Binding> ways = new ArrayList<>();

    /// Where tensors come from.
    interface Memory {
        DeviceTensor allocate(String name, DType dtype, long... shape);
    }

    private ProductTrial(ProductNodes product, Memory memory) {
        try {
            var random = new Random(7);
            for (var type : product.operands()) {
                operands.add(allocated(memory, "x" + operands.size(), type));
                fill(operands.getLast(), random);
            }
            for (var type : product.results()) {
                results.add(allocated(memory, "y" + results.size(), type));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Milliseconds of a run of each model, the least of some rounds in turn.
    ///
    /// @param models of the product's node
    static double[] millis(ProductNodes product, Memory memory, List<Model> models) {
        try (var trial = new ProductTrial(product, memory)) {
            models.forEach(trial::bind);
            return trial.millis();
        }
    }

    private static DeviceTensor allocated(Memory memory, String name, Type type) {
        return memory.allocate(name, type.dtype(), type.shape().dims());
    }

    /// With numbers between -1 and 1: a device is faster with zeros.
    private static void fill(DeviceTensor tensor, Random random) {
        var drawn = Math.min(DRAWN, tensor.size());
        copy(tensor, 0, drawn, numbers(tensor.dtype(), Math.toIntExact(drawn), random));
        for (var known = drawn; known < tensor.size(); known *= 2) {
            var count = Math.min(known, tensor.size() - known);
            try (var from = tensor.slice(tensor.name(), 0, count);
                    var to = tensor.slice(tensor.name(), known, count)) {
                to.copyFrom(from);
            }
        }
    }

    private static void copy(DeviceTensor tensor, long first, long count, MemorySegment numbers) {
        try (var part = tensor.slice(tensor.name(), first, count)) {
            part.copyFrom(numbers);
        }
    }

    private static MemorySegment numbers(DType dtype, int count, Random random) {
        var floats = new float[count];
        for (var i = 0; i < count; i++) {
            floats[i] = 2 * random.nextFloat() - 1;
        }
        if (dtype == DType.FLOAT32) {
            return MemorySegment.ofArray(floats);
        }
        var halves = new short[count];
        for (var i = 0; i < count; i++) {
            halves[i] = BFloat16.bits(floats[i]);
        }
        return MemorySegment.ofArray(halves);
    }

    private void bind(Model model) {
        var binding = model.bind();
        ways.add(binding);
        operands.forEach(t -> binding.input(t.name(), t));
        results.forEach(t -> binding.output(t.name(), t));
    }

    private double[] millis() {
        var runs = ways.stream().mapToInt(this::runsOfRound).toArray();
        var least = new double[runs.length];
        Arrays.fill(least, Double.MAX_VALUE);
        for (var round = 0; round < ROUNDS; round++) {
            for (var way = 0; way < runs.length; way++) {
                least[way] = Math.min(least[way], millis(ways.get(way), runs[way]) / runs[way]);
            }
        }
        return least;
    }

    /// How many runs take a round, after so many that all is warm.
    private int runsOfRound(Binding way) {
        millis(way, 1); // allocates memory, and compiles
        var runs = 1;
        var last = 0.0;
        for (var all = 0.0; all < WARM_UP_MILLIS; all += last) {
            last = millis(way, runs);
            if (last < ROUND_MILLIS) {
                runs *= 2;
            }
        }
        return runs;
    }

    private double millis(Binding way, int runs) {
        var began = System.nanoTime();
        for (var i = 0; i < runs; i++) {
            way.run();
        }
        await();
        return (System.nanoTime() - began) / 1e6;
    }

    /// A copy to the host follows all that was begun.
    private void await() {
        var result = results.getFirst();
        try (var one = result.slice(result.name(), 0, 1)) {
            one.copyTo(MemorySegment.ofArray(new byte[Math.toIntExact(one.byteSize())]));
        }
    }

    @Override
    public void close() {
        ways.forEach(Binding::close);
        operands.forEach(DeviceTensor::close);
        results.forEach(DeviceTensor::close);
    }
}
