package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.Value;

/// A tensor in host memory that ONNX Runtime reads and writes where it lies.
final class OrtTensor implements BoundTensor {
    /// The widest vector that kernels load.
    private static final int ALIGNMENT = 64;

    private final String name;
    private final DType dtype;
    private final List<Long> shape;
    private final Arena arena;
    private final MemorySegment segment;
    private final Value value;
    private final OrtMemoryInfo where;

    private OrtTensor(
            String name,
            DType dtype,
            long[] shape,
            Arena arena,
            MemorySegment segment,
            Value value,
            OrtMemoryInfo where) {
        this.name = name;
        this.dtype = dtype;
        this.shape = LongStream.of(shape).boxed().toList();
        this.arena = arena;
        this.segment = segment;
        this.value = value;
        this.where = where;
    }

    /// A tensor of zeros in memory of its own.
    static OrtTensor allocate(String name, DType dtype, long[] shape, OrtMemoryInfo where) {
        var bytes = bytes(name, dtype, shape);
        var arena = Arena.ofShared();
        try {
            // Never of length 0: a tensor without elements still needs an address.
            var memory = arena.allocate(Math.max(bytes, ALIGNMENT), ALIGNMENT).asSlice(0, bytes);
            return new OrtTensor(name, dtype, shape, arena, memory, value(name, dtype, shape, memory, where), where);
        } catch (RuntimeException | OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    /// A tensor over memory of the caller.
    static OrtTensor wrap(String name, DType dtype, long[] shape, MemorySegment memory, OrtMemoryInfo where) {
        var bytes = bytes(name, dtype, shape);
        if (!memory.isNative() || memory.byteSize() != bytes || memory.address() % dtype.bytes() != 0) {
            throw new EngineException(Text.format(
                    "%s: memory for %s%s must be native, aligned and of %d bytes; this is %s",
                    name, dtype.label(), Arrays.toString(shape), bytes, memory));
        }
        return new OrtTensor(
                name, dtype, shape, Arena.ofShared(), memory, value(name, dtype, shape, memory, where), where);
    }

    /// A tensor over a value that ONNX Runtime allocated.
    ///
    /// @param value belongs to the tensor from now on
    /// @param where host memory
    @SuppressWarnings("restricted") // ONNX Runtime owns the memory and says where it is and what it holds
    static OrtTensor adopt(String name, DType dtype, long[] shape, Value value, OrtMemoryInfo where) {
        var arena = Arena.ofShared();
        try (var data = value.GetTensorMutableRawData()) {
            var memory = MemorySegment.ofAddress(data.address()).reinterpret(bytes(name, dtype, shape), arena, null);
            return new OrtTensor(name, dtype, shape, arena, memory, value, where);
        }
    }

    private static Value value(String name, DType dtype, long[] shape, MemorySegment memory, OrtMemoryInfo where) {
        return value(name, dtype, shape, memory.address(), memory.byteSize(), where);
    }

    /// A view of memory at any address.
    static Value value(String name, DType dtype, long[] shape, long address, long bytes, OrtMemoryInfo where) {
        try (var data = Native.number(address)) {
            return Native.call(
                    name,
                    () -> Value.CreateTensor(where, data, bytes, shape, shape.length, ElementTypes.number(dtype)));
        }
    }

    static long bytes(String name, DType dtype, long[] shape) {
        var size = (long) dtype.bytes();
        for (var d : shape) {
            if (d < 0) {
                throw new EngineException(Text.format("%s: %s has a free dimension", name, Arrays.toString(shape)));
            }
            size = Math.multiplyExact(size, d);
        }
        return size;
    }

    @Override
    public Value value() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException(Text.format("tensor %s is closed", name));
        }
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public long byteSize() {
        return segment.byteSize();
    }

    @Override
    public boolean onHost() {
        return true;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void copyFrom(MemorySegment source) {
        requireSize(this, source);
        segment.copyFrom(source);
    }

    @Override
    public void copyTo(MemorySegment target) {
        requireSize(this, target);
        target.copyFrom(segment);
    }

    @Override
    public void copyFrom(DeviceTensor source) {
        copyFrom(source.segment());
    }

    @Override
    public DeviceTensor slice(String called, long first, long... dims) {
        var memory = segment.asSlice(first * dtype.bytes(), bytes(called, dtype, dims));
        return wrap(called, dtype, dims, memory, where);
    }

    static void requireSize(DeviceTensor tensor, MemorySegment other) {
        if (other.byteSize() != tensor.byteSize()) {
            throw new IllegalArgumentException(Text.format(
                    "%s is %s, %d bytes; given %d",
                    tensor.name(), tensor.describe(), tensor.byteSize(), other.byteSize()));
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            value.close();
            arena.close();
        }
    }

    @Override
    public String toString() {
        return name + " " + describe();
    }
}
