package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.ProductNodes;
import dev.lejepa.runtime.cuda.KernelClock;
import dev.lejepa.runtime.engine.Binding;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Model;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A product with its formula, timed on the device that computes it, in several ways on the same operands.
final class ProductTrial implements AutoCloseable {
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
            return new KernelClock(trial::await)
                    .millis(trial.ways.stream().<Runnable>map(way -> way::run).toList());
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
