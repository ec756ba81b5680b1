package dev.lejepa.runtime.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A dense row-major tensor in a device's memory, freed when it is closed. Its address never changes.
public interface DeviceTensor extends AutoCloseable {
    /// What messages call it.
    String name();

    DType dtype();

    List<Long> shape();

    /// Bytes of all elements.
    long byteSize();

    /// Copies all elements from memory of exactly [#byteSize()] bytes.
    void copyFrom(MemorySegment source);

    /// Copies all elements to memory of exactly [#byteSize()] bytes.
    void copyTo(MemorySegment target);

    /// Copies all elements from a tensor of the same size in the same device's memory.
    void copyFrom(DeviceTensor source);

    /// A view of neighboring rows: it shares this tensor's memory, which stays when the view is closed, and is of use
    /// only while this tensor is open.
    ///
    /// @param first row, from 0
    /// @param rows how many
    default DeviceTensor slice(long first, long rows) {
        var dims = shape().stream().mapToLong(Long::longValue).toArray();
        if (dims.length == 0 || first < 0 || rows < 0 || first + rows > dims[0]) {
            throw new IllegalArgumentException(
                    Text.format("%s is %s, which has no rows %d to %d", name(), describe(), first, first + rows));
        }
        var width = dims[0] == 0 ? 0 : size() / dims[0];
        dims[0] = rows;
        return slice(name(), first * width, dims);
    }

    /// A view of neighboring elements, as [#slice(long, long)] is one.
    ///
    /// @param first element, from 0
    /// @param shape of the view
    DeviceTensor slice(String name, long first, long... shape);

    /// Whether [#segment()] shows the elements without a copy.
    boolean onHost();

    /// The elements themselves, if the device computes in host memory. Any thread may use it until the tensor is closed.
    ///
    /// @throws UnsupportedOperationException if the tensor is not [#onHost()]
    MemorySegment segment();

    /// Where the first element lies, in the device's memory.
    default long address() {
        return segment().address();
    }

    @Override
    void close();

    /// Number of elements.
    default long size() {
        return byteSize() / dtype().bytes();
    }

    /// The type as messages have it.
    default String describe() {
        return Port.describe(dtype(), shape());
    }

    /// A copy of all elements of a float32 tensor.
    default float[] toFloats() {
        require(DType.FLOAT32);
        var values = new float[Math.toIntExact(size())];
        copyTo(MemorySegment.ofArray(values));
        return values;
    }

    /// A copy of all elements of an int64 tensor.
    default long[] toLongs() {
        require(DType.INT64);
        var values = new long[Math.toIntExact(size())];
        copyTo(MemorySegment.ofArray(values));
        return values;
    }

    /// Sets all elements of a float32 tensor.
    default void setFloats(float... values) {
        require(DType.FLOAT32);
        copyFrom(MemorySegment.ofArray(values));
    }

    /// Sets all elements of an int64 tensor.
    default void setLongs(long... values) {
        require(DType.INT64);
        copyFrom(MemorySegment.ofArray(values));
    }

    /// The element of a float32 tensor that has only one.
    default float item() {
        require(DType.FLOAT32);
        if (size() != 1) {
            throw new IllegalStateException(Text.format("%s is %s, not one number", name(), describe()));
        }
        return onHost() ? segment().get(JAVA_FLOAT, 0) : toFloats()[0];
    }

    /// Sets every element to zero.
    default void zero() {
        if (onHost()) {
            segment().fill((byte) 0);
        } else {
            copyFrom(MemorySegment.ofArray(new long[Math.toIntExact((byteSize() + 7) / JAVA_LONG.byteSize())])
                    .asSlice(0, byteSize()));
        }
    }

    private void require(DType wanted) {
        if (dtype() != wanted) {
            throw new IllegalStateException(Text.format("%s is %s, not %s", name(), describe(), wanted.label()));
        }
    }
}
