package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
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
    private final Value value;
    private boolean open = true;

    private RemoteTensor(String name, DType dtype, long[] shape, RemoteMemory memory, long bytes) {
        this.name = name;
        this.dtype = dtype;
        this.shape = LongStream.of(shape).boxed().toList();
        this.memory = memory;
        this.bytes = bytes;
        this.address = memory.allocate(name, bytes);
        this.value = OrtTensor.value(name, dtype, shape, address, bytes, memory.where());
    }

    /// A tensor of zeros.
    static RemoteTensor allocate(String name, DType dtype, long[] shape, RemoteMemory memory) {
        var tensor = new RemoteTensor(name, dtype, shape, memory, OrtTensor.bytes(name, dtype, shape));
        tensor.zero();
        return tensor;
    }

    long address() {
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
            memory.free(address);
        }
    }

    @Override
    public String toString() {
        return name + " " + describe();
    }
}
