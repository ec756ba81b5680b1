package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.onnxruntime.Value;

/// A tensor in memory that the host cannot read.
final class RemoteTensor implements BoundTensor {
    private final String name;
    private final DType dtype;
    private final List<Long> shape;
    private final RemoteMemory memory;
    private final long bytes;
    private final long address;
    private final boolean slice;
    private final Value value;
    private boolean open = true;

    private RemoteTensor(
            String name, DType dtype, long[] shape, RemoteMemory memory, long bytes, long address, boolean slice) {
        this.name = name;
        this.dtype = dtype;
        this.shape = LongStream.of(shape).boxed().toList();
        this.memory = memory;
        this.bytes = bytes;
        this.address = address;
        this.slice = slice;
        this.value = OrtTensor.value(name, dtype, shape, address, bytes, memory.where());
    }

    /// A tensor of zeros.
    static RemoteTensor allocate(String name, DType dtype, long[] shape, RemoteMemory memory) {
        var bytes = OrtTensor.bytes(name, dtype, shape);
        var tensor = new RemoteTensor(name, dtype, shape, memory, bytes, memory.allocate(name, bytes), false);
        tensor.zero();
        return tensor;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public Value value() {
        requireOpen();
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
        return bytes;
    }

    @Override
    public boolean onHost() {
        return false;
    }

    @Override
    public MemorySegment segment() {
        throw new UnsupportedOperationException(Text.format("%s lies in a device's memory", name));
    }

    @Override
    public void copyFrom(MemorySegment source) {
        requireOpen();
        OrtTensor.requireSize(this, source);
        memory.upload(address, source);
    }

    @Override
    public void copyFrom(DeviceTensor source) {
        requireOpen();
        if (!(source instanceof RemoteTensor other) || other.bytes != bytes) {
            throw new IllegalArgumentException(Text.format(
                    "%s is %s, %d bytes of the device; given %s", name, describe(), bytes, source.describe()));
        }
        memory.copy(address, other.address, bytes);
    }

    @Override
    public DeviceTensor slice(String called, long first, long... dims) {
        requireOpen();
        var start = first * dtype.bytes();
        var length = OrtTensor.bytes(called, dtype, dims);
        if (first < 0 || start + length > bytes) {
            throw new IllegalArgumentException(
                    Text.format("%s is %s, which has no %d bytes from byte %d", name, describe(), length, start));
        }
        return new RemoteTensor(called, dtype, dims, memory, length, address + start, true);
    }

    @Override
    public void copyTo(MemorySegment target) {
        requireOpen();
        OrtTensor.requireSize(this, target);
        memory.download(target, address);
    }

    @Override
    public void zero() {
        requireOpen();
        memory.zero(address, bytes);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(Text.format("tensor %s is closed", name));
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            value.close();
            if (!slice) {
                memory.free(address);
            }
        }
    }

    @Override
    public String toString() {
        return name + " " + describe();
    }
}
