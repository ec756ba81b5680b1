package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.Text;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.razorvine.pickle.PickleException;
import org.jspecify.annotations.Nullable;

/// An array of NumPy in a pickle: made empty by one call and filled by its state, or whole by another call.
final class PickledArray {
    /// A type of elements by NumPy's name, `u1`: what a pickle's `numpy.dtype(...)` gives.
    record Type(String name) {
        private static final int BYTE_ORDER = 1;

        /// Takes an order of bytes out of the state. Little-endian is what all machines write today.
        void build(@Nullable Object state) {
            if (state instanceof Object[] parts && parts.length > BYTE_ORDER && ">".equals(parts[BYTE_ORDER])) {
                throw new PickleException("an array whose bytes are in big-endian order");
            }
        }

        int bytes() {
            return switch (name) {
                case "u1", "i1", "b1" -> Byte.BYTES;
                case "u2", "i2" -> Short.BYTES;
                case "u4", "i4" -> Integer.BYTES;
                case "u8", "i8" -> Long.BYTES;
                default -> throw new PickleException(Text.format("an array of type '%s'", name));
            };
        }
    }

    private static final int STATE_PARTS = 5;

    private int[] shape = {0};
    private Type type = new Type("u1");
    private byte[] data = {};

    /// `(version, shape, type, by columns, bytes)`.
    void build(@Nullable Object state) {
        if (!(state instanceof Object[] parts)
                || parts.length != STATE_PARTS
                || !(parts[2] instanceof Type of)
                || !Boolean.FALSE.equals(parts[3])) {
            throw new PickleException("an array that is not written row by row");
        }
        fill(parts[1], of, bytes(parts[4]));
    }

    /// `(bytes, type, shape, order)`.
    static PickledArray of(Object[] arguments) {
        if (arguments.length != 4 || !(arguments[1] instanceof Type of) || !"C".equals(arguments[3])) {
            throw new PickleException("an array that is not written row by row");
        }
        var array = new PickledArray();
        array.fill(arguments[2], of, bytes(arguments[0]));
        return array;
    }

    /// One number: `(type, bytes)`.
    static Object scalar(Object[] arguments) {
        if (arguments.length != 2 || !(arguments[0] instanceof Type of)) {
            return new PickleName.Placeholder("numpy.core.multiarray.scalar");
        }
        byte[] one = bytes(arguments[1]);
        return one.length == of.bytes() ? number(of, ByteBuffer.wrap(one)) : new PickleName.Placeholder("a number");
    }

    private void fill(@Nullable Object dimensions, Type of, byte[] bytes) {
        if (!(dimensions instanceof Object[] tuple)) {
            throw new PickleException("an array without a shape");
        }
        int[] sizes = Arrays.stream(tuple).mapToInt(size -> (int) PickleName.whole(size)).toArray();
        var expected = BigInteger.valueOf(of.bytes());
        for (int size : sizes) {
            expected = expected.multiply(BigInteger.valueOf(size));
        }
        if (!expected.equals(BigInteger.valueOf(bytes.length))) {
            throw new PickleException(Text.format(
                    "an array %s of %s with %d bytes", Arrays.toString(sizes), of.name(), bytes.length));
        }
        shape = sizes;
        type = of;
        data = bytes;
    }

    /// Bytes as Python 3 writes them, or as the text of Python 2, a character each.
    private static byte[] bytes(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.ISO_8859_1);
            case null, default -> throw new PickleException("an array without bytes");
        };
    }

    List<Integer> shape() {
        return Arrays.stream(shape).boxed().toList();
    }

    boolean holdsBytes() {
        return type.name().equals("u1");
    }

    byte[] data() {
        return data;
    }

    /// The elements as numbers.
    List<Long> numbers() {
        var bytes = ByteBuffer.wrap(data);
        var numbers = new Long[data.length / type.bytes()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(type, bytes);
        }
        return List.of(numbers);
    }

    private static Long number(Type type, ByteBuffer from) {
        from.order(ByteOrder.LITTLE_ENDIAN);
        return switch (type.name()) {
            case "u1", "b1" -> (long) Byte.toUnsignedInt(from.get());
            case "i1" -> (long) from.get();
            case "u2" -> (long) Short.toUnsignedInt(from.getShort());
            case "i2" -> (long) from.getShort();
            case "u4" -> Integer.toUnsignedLong(from.getInt());
            case "i4" -> (long) from.getInt();
            case "u8", "i8" -> from.getLong();
            default -> throw new PickleException(Text.format("an array of type '%s'", type.name()));
        };
    }
}
