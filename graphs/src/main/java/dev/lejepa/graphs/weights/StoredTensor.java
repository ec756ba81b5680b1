package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.safetensors.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tensor where it lies in a file: a view with strides, so that slices, transposes and joined heads cost nothing until
/// their elements are read.
///
/// @param type of the stored elements
/// @param order of the bytes within an element
/// @param shape sizes from the slowest dimension to the fastest; empty for a scalar
/// @param strides elements from one index of a dimension to the next
/// @param data the memory that begins with the tensor's first element
public record StoredTensor(
        ElementType type, ByteOrder order, List<Long> shape, List<Long> strides, MemorySegment data) {

    /// @throws IllegalArgumentException if elements would lie outside the memory
    public StoredTensor {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (shape.size() != strides.size()
                || shape.stream().anyMatch(size -> size < 0)
                || strides.stream().anyMatch(stride -> stride < 0)) {
            throw new IllegalArgumentException(Text.format("shape %s with strides %s", shape, strides));
        }
        long needed = bytes(shape, strides, type);
        if (needed > data.byteSize()) {
            throw new IllegalArgumentException(Text.format(
                    "shape %s with strides %s takes %d bytes where %d are stored",
                    shape, strides, needed, data.byteSize()));
        }
    }

    /// Elements one after another, the last dimension fastest.
    public static StoredTensor contiguous(ElementType type, List<Long> shape, MemorySegment data) {
        return new StoredTensor(type, ByteOrder.LITTLE_ENDIAN, shape, rowMajor(shape), data);
    }

    /// Numbers in memory.
    public static StoredTensor of(List<Long> shape, float... values) {
        return new StoredTensor(
                ElementType.F32, ByteOrder.nativeOrder(), shape, rowMajor(shape), MemorySegment.ofArray(values));
    }

    /// Zeros of any shape, of which one is stored.
    public static StoredTensor zeros(List<Long> shape) {
        var still = shape.stream().map(_ -> 0L).toList();
        return new StoredTensor(
                ElementType.F32, ByteOrder.nativeOrder(), shape, still, MemorySegment.ofArray(new float[1]));
    }

    /// The strides of elements that lie one after another.
    static List<Long> rowMajor(List<Long> shape) {
        var strides = new ArrayList<Long>();
        long stride = 1;
        for (long size : shape.reversed()) {
            strides.addFirst(stride);
            stride = Math.multiplyExact(stride, Math.max(size, 1));
        }
        return strides;
    }

    private static long bytes(List<Long> shape, List<Long> strides, ElementType type) {
        if (shape.contains(0L)) {
            return 0;
        }
        try {
            long last = 0;
            for (int axis = 0; axis < shape.size(); axis++) {
                last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, (long) strides.get(axis)));
            }
            return Math.multiplyExact(Math.addExact(last, 1), type.bytes());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(Text.format("shape %s with strides %s", shape, strides), e);
        }
    }

    /// Number of elements.
    public long count() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /// Whether the elements lie one after another.
    public boolean isContiguous() {
        var packed = rowMajor(shape);
        for (int axis = 0; axis < shape.size(); axis++) {
            if (shape.get(axis) > 1 && !packed.get(axis).equals(strides.get(axis))) {
                return false;
            }
        }
        return true;
    }

    /// The same elements with dimensions in another order: dimension `i` of the result is `axes[i]` of this one.
    public StoredTensor permute(int... axes) {
        var newShape = new ArrayList<Long>();
        var newStrides = new ArrayList<Long>();
        for (int axis : axes) {
            newShape.add(shape.get(axis));
            newStrides.add(strides.get(axis));
        }
        return new StoredTensor(type, order, newShape, newStrides, data);
    }

    /// The same elements under another shape. What does not lie one after another is copied first.
    public StoredTensor reshape(List<Long> newShape) {
        if (isContiguous()) {
            return new StoredTensor(type, order, newShape, rowMajor(newShape), data);
        }
        return of(newShape, floats());
    }

    /// The part of one dimension from `begin` up to `end`.
    public StoredTensor slice(int axis, long begin, long end) {
        var newShape = new ArrayList<>(shape);
        newShape.set(axis, end - begin);
        return new StoredTensor(type, order, newShape, strides, data.asSlice(begin * strides.get(axis) * type.bytes()));
    }

    /// All elements as float32.
    ///
    /// @throws IllegalStateException if there are more than a Java array holds
    public float[] floats() {
        if (count() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(count() + " elements are more than one Java array holds");
        }
        var values = new float[(int) count()];
        read(0, MemorySegment.ofArray(values));
        return values;
    }

    /// The elements where they lie, if they are float32 one after another, as the machine has them, in
    /// memory outside the heap.
    public Optional<MemorySegment> floatBytes() {
        return type == ElementType.F32 && order == ByteOrder.nativeOrder() && isContiguous() && data.isNative()
                ? Optional.of(data.asSlice(0, count() * Float.BYTES))
                : Optional.empty();
    }

    /// Fills `part` with elements as float32, in the order of the shape: wider numbers are rounded to the nearest.
    ///
    /// @param first index of the part's first element
    /// @param part memory of whole float32 numbers in the machine's byte order
    public void read(long first, MemorySegment part) {
        long count = part.byteSize() / Float.BYTES;
        var asTheyAre = floatBytes();
        if (asTheyAre.isPresent()) {
            MemorySegment.copy(asTheyAre.get(), first * Float.BYTES, part, 0, count * Float.BYTES);
            return;
        }
        var numbers = Numbers.of(type, order);
        walk(
                first,
                count,
                (index, at) -> part.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, numbers.number(data, at)));
    }

    /// Fills `part` with elements as int64; fractions are cut off.
    ///
    /// @param first index of the part's first element
    /// @param part memory of whole int64 numbers in the machine's byte order
    public void readLongs(long first, MemorySegment part) {
        var numbers = Numbers.of(type, order);
        walk(
                first,
                part.byteSize() / Long.BYTES,
                (index, at) -> part.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index, numbers.whole(data, at)));
    }

    @FunctionalInterface
    private interface Visit {
        void element(long index, long at);
    }

    /// Calls `visit` with the number of each element, from 0, and the place of its first byte.
    private void walk(long first, long count, Visit visit) {
        if (count == 0) {
            return; // where a dimension is empty, nothing has an index
        }
        int rank = shape.size();
        var sizes = shape.stream().mapToLong(Long::longValue).toArray();
        var steps = strides.stream().mapToLong(stride -> stride * type.bytes()).toArray();
        var index = new long[rank];
        long at = 0;
        long rest = first;
        for (int axis = rank - 1; axis >= 0; axis--) {
            index[axis] = rest % sizes[axis];
            rest /= sizes[axis];
            at += index[axis] * steps[axis];
        }
        for (long i = 0; i < count; i++) {
            visit.element(i, at);
            for (int axis = rank - 1; axis >= 0; axis--) {
                at += steps[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= sizes[axis] * steps[axis];
                index[axis] = 0;
            }
        }
    }

    @Override
    public String toString() {
        return type + " " + shape;
    }
}
