package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// An array as it stands in a file: type, shape, and the mapped elements, which are converted only when asked for.
public final class NpyArray {
    private static final ValueLayout.OfShort F2 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F4 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F8 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final NpyType type;
    private final List<Long> shape;
    private final MemorySegment data;

    NpyArray(String name, NpyType type, List<Long> shape, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    public NpyType type() {
        return type;
    }

    /// Dimensions, outermost first; empty for a scalar.
    public List<Long> shape() {
        return shape;
    }

    /// Number of elements.
    public long size() {
        return data.byteSize() / type.bytes();
    }

    /// The elements' bytes, little-endian, C order, read-only.
    public MemorySegment data() {
        return data;
    }

    /// Refuses an array that is no matrix.
    public void requireMatrix() {
        if (shape.size() != 2) {
            throw new BadInputException(name + ": shape is " + shape + ", expected a matrix [rows, columns]");
        }
    }

    /// Element `i` in C order, widened to double.
    public double get(long i) {
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat(data.getAtIndex(F2, i));
            case FLOAT32 -> data.getAtIndex(F4, i);
            case FLOAT64 -> data.getAtIndex(F8, i);
            case INT32 -> data.getAtIndex(I4, i);
            case INT64 -> data.getAtIndex(I8, i);
            case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
        };
    }

    /// All elements as doubles; `int64` above 2^53 loses its last bits.
    public double[] toDoubles() {
        double[] out = new double[length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = get(i);
        }
        return out;
    }

    /// All elements as floats, rounded where the type is wider.
    public float[] toFloats() {
        if (type == NpyType.FLOAT32) {
            length();
            return data.toArray(F4);
        }
        float[] out = new float[length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) get(i);
        }
        return out;
    }

    /// All elements of an integer array.
    public long[] toLongs() {
        if (type.isFloat()) {
            throw new BadInputException(name + ": dtype is " + type.descr() + ", expected integers");
        }
        long[] out = new long[length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = type == NpyType.INT64 ? data.getAtIndex(I8, i) : (long) get(i);
        }
        return out;
    }

    /// All elements of a `uint8` array.
    public byte[] toBytes() {
        if (type != NpyType.UINT8) {
            throw new BadInputException(name + ": dtype is " + type.descr() + ", expected " + NpyType.UINT8.descr());
        }
        length();
        return data.toArray(ValueLayout.JAVA_BYTE);
    }

    private int length() {
        if (size() > Integer.MAX_VALUE - 8) {
            throw new BadInputException(name + ": " + size() + " elements are more than one Java array holds");
        }
        return (int) size();
    }
}
