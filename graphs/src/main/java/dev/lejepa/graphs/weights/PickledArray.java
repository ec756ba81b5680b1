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

/// An array or a number of NumPy in a pickle, as it was called and what it was given as state. Whether it can be read
/// here is asked when it is read: most pickles hold some that nobody needs.
final class PickledArray {
    /// A type of elements by NumPy's name, `u1`: what a pickle's `numpy.dtype(...)` gives.
    static final class Type {
        private static final int BYTE_ORDER = 1;

        private final String name;
        private boolean bigEndian;

        Type(String name) {
            this.name = name;
        }

        /// Takes the order of bytes out of the state.
        void build(@Nullable Object state) {
            bigEndian = state instanceof Object[] parts && parts.length > BYTE_ORDER && ">".equals(parts[BYTE_ORDER]);
        }

        private PickleException unknown() {
            return new PickleException(Text.format("an array of type '%s'", name));
        }

        private int bytes() {
            return switch (name) {
                case "u1", "i1", "b1" -> Byte.BYTES;
                case "u2", "i2" -> Short.BYTES;
                case "u4", "i4" -> Integer.BYTES;
                case "u8", "i8" -> Long.BYTES;
                default -> throw unknown();
            };
        }

        private long next(ByteBuffer from) {
            from.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            return switch (name) {
                case "u1", "b1" -> Byte.toUnsignedInt(from.get());
                case "i1" -> from.get();
                case "u2" -> Short.toUnsignedInt(from.getShort());
                case "i2" -> from.getShort();
                case "u4" -> Integer.toUnsignedLong(from.getInt());
                case "i4" -> from.getInt();
                case "u8", "i8" -> from.getLong();
                default -> throw unknown();
            };
        }
    }

    /// What an array is once it is read.
    ///
    /// @param bytes row by row
    record Content(List<Integer> shape, Type type, byte[] bytes) {
        boolean holdsBytes() {
            return type.name.equals("u1");
        }

        /// The elements as numbers.
        List<Long> numbers() {
            var from = ByteBuffer.wrap(bytes);
            var numbers = new Long[bytes.length / type.bytes()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = type.next(from);
            }
            return List.of(numbers);
        }
    }

    private static final int STATE_PARTS = 5;

    private @Nullable Object shape;
    private @Nullable Object type;
    private boolean byRows;
    private @Nullable Object bytes;

    /// Takes `(version, shape, type, by columns, bytes)`.
    void build(@Nullable Object state) {
        if (state instanceof Object[] parts && parts.length == STATE_PARTS) {
            fill(parts[1], parts[2], Boolean.FALSE.equals(parts[3]), parts[4]);
        }
    }

    /// What `_frombuffer(bytes, type, shape, order)` gives.
    static PickledArray of(Object[] arguments) {
        var array = new PickledArray();
        if (arguments.length == 4) {
            array.fill(arguments[2], arguments[1], "C".equals(arguments[3]), arguments[0]);
        }
        return array;
    }

    /// What `scalar(type, bytes)` gives.
    static PickledArray scalar(Object[] arguments) {
        var array = new PickledArray();
        if (arguments.length == 2) {
            array.fill(new Object[0], arguments[0], true, arguments[1]);
        }
        return array;
    }

    private void fill(@Nullable Object itsShape, @Nullable Object itsType, boolean rows, @Nullable Object itsBytes) {
        shape = itsShape;
        type = itsType;
        byRows = rows;
        bytes = itsBytes;
    }

    /// @throws PickleException if it is none of whole numbers, written row by row
    Content content() {
        if (!byRows || !(shape instanceof Object[] tuple) || !(type instanceof Type of)) {
            throw new PickleException("an array that is not written row by row");
        }
        byte[] data = switch (bytes) {
            case byte[] found -> found;
            case String text -> text.getBytes(StandardCharsets.ISO_8859_1); // Python 2's, a character each
            case null, default -> throw new PickleException("an array without bytes");
        };
        List<Integer> sizes =
                Arrays.stream(tuple).map(size -> (int) PickleName.whole(size)).toList();
        var expected = BigInteger.valueOf(of.bytes());
        for (int size : sizes) {
            expected = expected.multiply(BigInteger.valueOf(size));
        }
        if (!expected.equals(BigInteger.valueOf(data.length))) {
            throw new PickleException(Text.format("an array %s of %s with %d bytes", sizes, of.name, data.length));
        }
        return new Content(sizes, of, data);
    }
}
