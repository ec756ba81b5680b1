package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// An array as it stands in a file: type, shape, and the mapped elements, which are converted only when asked for.
public final class NpyArray {
    private static final ValueLayout.OfShort I2 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F4 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final NpyType type;
    private final boolean bigEndian;
    private final List<Long> shape;
    private final MemorySegment data;

    NpyArray(String name, NpyElement element, List<Long> shape, MemorySegment data) {
        this.name = name;
        this.type = element.type();
        this.bigEndian = element.bigEndian();
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

    /// Refuses an array that is no matrix.
    public void requireMatrix() {
        if (shape.size() != 2) {
            String column = shape.size() == 1 ? "; one column is x.reshape(-1, 1)" : "";
            throw new BadInputException(name + ": shape is " + shape + ", expected a matrix [rows, columns]" + column);
        }
    }

    /// Element `i` in the order of the file, widened to double; `True` is 1.
    public double get(long i) {
        return switch (type) {
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
            case INT16 -> twoBytes(i);
            case UINT16 -> Short.toUnsignedInt(twoBytes(i));
            case FLOAT16 -> Float.float16ToFloat(twoBytes(i));
            case INT32 -> fourBytes(i);
            case UINT32 -> Integer.toUnsignedLong(fourBytes(i));
            case FLOAT32 -> Float.intBitsToFloat(fourBytes(i));
            case INT64 -> eightBytes(i);
            case UINT64 -> {
                long bits = eightBytes(i);
                yield bits >= 0 ? bits : 2.0 * halved(bits);
            }
            case FLOAT64 -> Double.longBitsToDouble(eightBytes(i));
        };
    }

    /// Element `i`, rounded to a float once.
    public float getFloat(long i) {
        return switch (type) {
            case INT64 -> eightBytes(i);
            case UINT64 -> {
                long bits = eightBytes(i);
                yield bits >= 0 ? bits : 2f * halved(bits);
            }
            case BOOL, INT8, UINT8, INT16, UINT16, FLOAT16, INT32, UINT32, FLOAT32, FLOAT64 -> (float) get(i);
        };
    }

    /// Half of an unsigned number, whose lowest bit still tells on which side of a middle the number lies.
    private static long halved(long bits) {
        return (bits >>> 1) | (bits & 1);
    }

    private short twoBytes(long i) {
        short bits = data.getAtIndex(I2, i);
        return bigEndian ? Short.reverseBytes(bits) : bits;
    }

    private int fourBytes(long i) {
        int bits = data.getAtIndex(I4, i);
        return bigEndian ? Integer.reverseBytes(bits) : bits;
    }

    private long eightBytes(long i) {
        long bits = data.getAtIndex(I8, i);
        return bigEndian ? Long.reverseBytes(bits) : bits;
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
        if (type == NpyType.FLOAT32 && !bigEndian) {
            length();
            return data.toArray(F4);
        }
        float[] out = new float[length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = getFloat(i);
        }
        return out;
    }

    /// All elements of an array of whole numbers.
    public long[] toLongs() {
        if (type.isFloat()) {
            throw new BadInputException(name + ": dtype is " + type.descr() + ", expected integers");
        }
        long[] out = new long[length()];
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (type) {
                case INT64, UINT64 -> eightBytes(i);
                case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, FLOAT16, FLOAT32, FLOAT64 -> (long) get(i);
            };
            if (type == NpyType.UINT64 && out[i] < 0) {
                throw new BadInputException(Text.format("%s: %s is too large", name, Long.toUnsignedString(out[i])));
            }
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
