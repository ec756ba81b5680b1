package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.ir.Type;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Port;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// Tensors by name that several graphs read and write, each made where it is first wanted.
final class EngineTensors implements AutoCloseable {
    private final Engine engine;
    private final Map<String, DeviceTensor> tensors = new HashMap<>();

    EngineTensors(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    /// Makes one of zeros.
    void make(String name, Type type) {
        tensors.put(name, engine.allocate(name, type.dtype(), type.shape().dims()));
    }

    /// The one of a name; zeros where nothing was put.
    DeviceTensor of(String name, Port port) {
        var shape = port.shape().stream().mapToLong(Long::longValue).toArray();
        return tensors.computeIfAbsent(name, _ -> engine.allocate(name, port.dtype(), shape));
    }

    /// The one of a name that a graph has bound.
    DeviceTensor of(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no graph has a tensor " + name);
        }
        return tensor;
    }

    /// Copies rows to the beginning of a tensor; what is behind them stays.
    void putRows(String name, Features x, int[] rows, int from, int count) {
        var columns = x.columns();
        var tensor = of(name);
        var to = tensor.onHost() ? tensor.segment() : MemorySegment.ofArray(new float[(int) tensor.size()]);
        for (var i = 0; i < count; i++) {
            MemorySegment.copy(
                    x.values(),
                    rows[from + i] * columns,
                    to,
                    ValueLayout.JAVA_FLOAT,
                    (long) i * columns * Float.BYTES,
                    columns);
        }
        if (!tensor.onHost()) {
            tensor.copyFrom(to);
        }
    }

    /// Frees tensors that no graph is bound to any more.
    void drop(String... names) {
        for (var name : names) {
            var tensor = tensors.remove(name);
            if (tensor != null) {
                tensor.close();
            }
        }
    }

    @Override
    public void close() {
        tensors.values().forEach(DeviceTensor::close);
    }
}
