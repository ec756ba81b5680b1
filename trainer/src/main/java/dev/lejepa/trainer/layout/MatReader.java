package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads the elements of a MATLAB file of level 5: numbers, texts, cells and structures, compressed or not. Memory
/// follows the bytes that are there, never what a damaged file claims.
///
/// Source: MathWorks, *MAT-File Format*, level 5.
final class MatReader {
    private static final int INT8 = 1;
    private static final int UINT8 = 2;
    private static final int INT16 = 3;
    private static final int UINT16 = 4;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int SINGLE = 7;
    private static final int DOUBLE = 9;
    private static final int INT64 = 12;
    private static final int UINT64 = 13;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int UTF8 = 16;
    private static final int UTF16 = 17;
    private static final int UTF32 = 18;

    private static final int CELL_CLASS = 1;
    private static final int STRUCTURE_CLASS = 2;
    private static final int CHARACTER_CLASS = 4;
    private static final int FIRST_NUMBER_CLASS = 6;
    private static final int LAST_NUMBER_CLASS = 15;

    private static final int ALIGNMENT = 8;
    private static final int DEEPEST = 16;
    /// Far more than the labels of any data set take.
    private static final int LARGEST = 256 << 20;

    /// That a file is not as it should be.
    static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    /// A type and its bytes.
    private record Element(int type, ByteBuffer data) {}

    private MatReader() {}

    /// The variables that follow one another, by name.
    static Map<String, MatValue> variables(ByteBuffer elements) throws DamagedException {
        try {
            Map<String, MatValue> found = new LinkedHashMap<>();
            while (elements.hasRemaining()) {
                Element element = next(elements);
                if (element.type() == COMPRESSED) {
                    element = next(inflated(element.data()));
                }
                if (element.type() == MATRIX) {
                    matrix(element.data(), found, 0);
                }
            }
            return found;
        } catch (BufferUnderflowException e) {
            throw cut();
        }
    }

    private static DamagedException cut() {
        return new DamagedException("is cut off or damaged");
    }

    /// The next element; the buffer stands behind it and its padding afterwards.
    private static Element next(ByteBuffer from) throws DamagedException {
        int first = from.getInt();
        int small = first >>> Short.SIZE;
        int type = small == 0 ? first : first & 0xffff;
        int size = small == 0 ? from.getInt() : small;
        if (size < 0 || size > from.remaining() || small > Integer.BYTES) {
            throw cut();
        }
        ByteBuffer data = from.slice(from.position(), size).order(from.order());
        int taken = small != 0 ? Integer.BYTES : type == COMPRESSED ? size : Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT;
        from.position(Math.min(from.limit(), from.position() + taken));
        return new Element(type, data);
    }

    private static ByteBuffer inflated(ByteBuffer packed) throws DamagedException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            byte[] out = new byte[Math.clamp(4L * packed.remaining(), 1024, LARGEST)];
            int filled = 0;
            while (!inflater.finished()) {
                int count = inflater.inflate(out, filled, out.length - filled);
                filled += count;
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw cut();
                }
                if (filled == LARGEST) {
                    throw new DamagedException(Text.format("holds a variable of more than %d bytes", LARGEST));
                }
                if (filled == out.length) {
                    out = Arrays.copyOf(out, (int) Math.min(LARGEST, 2L * out.length));
                }
            }
            return ByteBuffer.wrap(out, 0, filled).order(packed.order());
        } catch (DataFormatException e) {
            throw cut();
        } finally {
            inflater.end();
        }
    }

    /// Reads an array into `found`, under its name.
    private static void matrix(ByteBuffer from, Map<String, MatValue> found, int depth) throws DamagedException {
        if (!from.hasRemaining()) {
            found.put("", new MatValue.Numbers(new double[0])); // how MATLAB writes an empty item
            return;
        }
        int kind = next(from).data().getInt() & 0xff;
        if (kind == CELL_CLASS || kind == STRUCTURE_CLASS || kind == CHARACTER_CLASS || isNumber(kind)) {
            int count = count(next(from));
            String name = text(next(from));
            found.put(name, content(kind, count, from, depth));
        } else {
            found.put("", new MatValue.Other(kind));
        }
    }

    private static boolean isNumber(int kind) {
        return kind >= FIRST_NUMBER_CLASS && kind <= LAST_NUMBER_CLASS;
    }

    private static int count(Element dimensions) throws DamagedException {
        long count = 1;
        for (double size : numbers(dimensions)) {
            count *= (long) size;
            if (count < 0 || count > Integer.MAX_VALUE) {
                throw cut();
            }
        }
        return (int) count;
    }

    private static MatValue content(int kind, int count, ByteBuffer from, int depth) throws DamagedException {
        if (isNumber(kind)) {
            double[] values = numbers(next(from));
            if (values.length != count) {
                throw cut();
            }
            return new MatValue.Numbers(values);
        }
        if (kind == CHARACTER_CLASS) {
            return new MatValue.Letters(text(next(from)));
        }
        if (kind == CELL_CLASS) {
            return new MatValue.Cells(items(count, from, depth));
        }
        double[] width = numbers(next(from));
        List<String> fields = fields(text(next(from)), width.length == 1 ? (int) width[0] : 0);
        return new MatValue.Structures(fields, items((long) count * fields.size(), from, depth));
    }

    /// Field names, each in its room of `width` characters, filled up with zeros.
    private static List<String> fields(String names, int width) throws DamagedException {
        if (width < 1) {
            throw cut();
        }
        List<String> fields = new ArrayList<>();
        for (int at = 0; at < names.length(); at += width) {
            String room = names.substring(at, Math.min(names.length(), at + width));
            int end = room.indexOf('\0');
            fields.add(end < 0 ? room : room.substring(0, end));
        }
        return fields;
    }

    private static List<MatValue> items(long count, ByteBuffer from, int depth) throws DamagedException {
        if (depth == DEEPEST || count > from.remaining() / ALIGNMENT) {
            throw cut();
        }
        List<MatValue> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            Element element = next(from);
            if (element.type() != MATRIX) {
                throw cut();
            }
            Map<String, MatValue> item = new LinkedHashMap<>();
            matrix(element.data(), item, depth + 1);
            items.addAll(item.values());
        }
        return items;
    }

    private static double[] numbers(Element element) throws DamagedException {
        ByteBuffer data = element.data();
        double[] values = new double[data.remaining() / bytes(element.type())];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(element.type(), data);
        }
        return values;
    }

    private static int bytes(int type) throws DamagedException {
        return switch (type) {
            case INT8, UINT8 -> Byte.BYTES;
            case INT16, UINT16 -> Short.BYTES;
            case INT32, UINT32, SINGLE -> Integer.BYTES;
            case INT64, UINT64, DOUBLE -> Long.BYTES;
            default -> throw cut(); // no type of numbers
        };
    }

    private static double number(int type, ByteBuffer data) throws DamagedException {
        return switch (type) {
            case INT8 -> data.get();
            case UINT8 -> Byte.toUnsignedInt(data.get());
            case INT16 -> data.getShort();
            case UINT16 -> Short.toUnsignedInt(data.getShort());
            case INT32 -> data.getInt();
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case SINGLE -> data.getFloat();
            case INT64, UINT64 -> data.getLong();
            case DOUBLE -> data.getDouble();
            default -> throw cut(); // no type of numbers
        };
    }

    private static String text(Element element) throws DamagedException {
        return switch (element.type()) {
            case INT8, UINT8, UTF8 -> text(element.data(), StandardCharsets.UTF_8);
            case UINT16, UTF16 -> text(element.data(), utf16(element.data()));
            case UTF32 -> text(element.data(), Charset.forName("UTF-32" + end(element.data())));
            default -> throw cut(); // no type of characters
        };
    }

    private static Charset utf16(ByteBuffer data) {
        return Charset.forName("UTF-16" + end(data));
    }

    private static String end(ByteBuffer data) {
        return data.order() == ByteOrder.LITTLE_ENDIAN ? "LE" : "BE";
    }

    private static String text(ByteBuffer data, Charset charset) {
        return charset.decode(data).toString();
    }
}
