package dev.lejepa.trainer.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Reads Thrift's compact protocol, in which Parquet writes the headers of its pages. Bytes that run out end in a
/// `BufferUnderflowException`.
///
/// See <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.
final class ThriftReader {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;

    /// More levels than any header has: what nests deeper is no header.
    private static final int DEEPEST = 16;

    /// Takes a field of a struct.
    @FunctionalInterface
    interface Field {
        /// @return false where the field is not wanted and nothing of it was read
        boolean take(int id, int type);
    }

    private final ByteBuffer bytes;

    ThriftReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /// Reads a struct up to its end; fields that nobody wants are passed over.
    void struct(Field field) {
        int id = 0;
        for (int head = bytes.get() & 0xFF; head != 0; head = bytes.get() & 0xFF) {
            int step = head >> 4;
            id = step == 0 ? whole() : id + step;
            int type = head & 0xF;
            if (!field.take(id, type)) {
                skip(type, 0);
            }
        }
    }

    /// A number of 16, 32 or 64 bits that fits into 32.
    int whole() {
        return Math.toIntExact(number());
    }

    /// The value of a field of type boolean, which is its type.
    static boolean truth(int type) {
        return type == TRUE;
    }

    private long number() {
        long zigzag = varint();
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes.get();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new ArithmeticException("a number of more than 64 bits");
    }

    private void skip(int type, int depth) {
        if (depth > DEEPEST) {
            throw new ArithmeticException("fields in each other without end");
        }
        switch (type) {
            case TRUE, FALSE -> {} // the type says it all
            case BYTE -> pass(1);
            case I16, I32, I64 -> varint();
            case DOUBLE -> pass(Double.BYTES);
            case BINARY -> pass(varint());
            case LIST, SET -> skipList(depth);
            case MAP -> skipMap(depth);
            case STRUCT ->
                struct((_, inner) -> {
                    skip(inner, depth + 1);
                    return true;
                });
            default -> throw new ArithmeticException("a field of type " + type);
        }
    }

    private void skipList(int depth) {
        int head = bytes.get() & 0xFF;
        long size = head >> 4 == 0xF ? varint() : head >> 4;
        skipItems(size, head & 0xF, depth);
    }

    private void skipMap(int depth) {
        long size = varint();
        if (size > 0) {
            int types = bytes.get() & 0xFF;
            for (long i = 0; i < size; i++) {
                skipItems(1, types >> 4, depth);
                skipItems(1, types & 0xF, depth);
            }
        }
    }

    /// In lists a boolean is a byte.
    private void skipItems(long count, int type, int depth) {
        for (long i = 0; i < count; i++) {
            skip(type == TRUE || type == FALSE ? BYTE : type, depth + 1);
        }
    }

    private void pass(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) count);
    }
}
