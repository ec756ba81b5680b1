package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What stands before the elements: magic, version, and a Python dictionary with `descr`, `fortran_order`, `shape`, as
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html has it.
///
/// @param fortran whether the first index runs fastest, not the last
/// @param dataOffset bytes from the start of the file to the first element
record NpyHeader(NpyElement element, boolean fortran, List<Long> shape, long dataOffset) {
    /// Bytes enough for magic, version and length of any version.
    static final int PREFIX = 12;

    private static final long LONGEST = 1 << 20;
    private static final int MOST_SHOWN = 200;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

    /// Length of the whole header in bytes, from its first [#PREFIX] bytes.
    static long length(String file, ByteBuffer prefix) {
        if (prefix.remaining() < PREFIX || !Arrays.equals(MAGIC, firstBytes(prefix))) {
            throw new BadInputException(file + ": " + otherFormat(prefix));
        }
        int version = prefix.get(6);
        int minor = prefix.get(7);
        long length = switch (minor == 0 ? version : -1) {
            case 1 -> 10L + Short.toUnsignedInt(little(prefix).getShort(8));
            case 2, 3 -> 12L + Integer.toUnsignedLong(little(prefix).getInt(8));
            default ->
                throw new BadInputException(Text.format(
                        "%s: .npy format version is %d.%d, expected 1.0, 2.0 or 3.0",
                        file, Byte.toUnsignedInt(prefix.get(6)), Byte.toUnsignedInt(prefix.get(7))));
        };
        if (length > LONGEST) {
            throw new BadInputException(
                    Text.format("%s: its header is %d bytes long, expected at most %d", file, length, LONGEST));
        }
        return length;
    }

    private static String otherFormat(ByteBuffer prefix) {
        return switch (prefix.remaining() < 2 ? 0 : Short.toUnsignedInt(prefix.getShort(0))) {
            case 'P' << 8 | 'K' ->
                "is an archive (.npz?), expected a .npy file, one array: numpy.save(file, archive[name])";
            case 0x8002, 0x8003, 0x8004, 0x8005 -> "is a Python pickle, expected a .npy file: numpy.save";
            default -> "found no NumPy header, expected a .npy file";
        };
    }

    /// Reads a whole header of [#length] bytes.
    static NpyHeader parse(String file, byte[] header) {
        int version = header[6];
        int start = version == 1 ? 10 : 12;
        var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        String text = new String(header, start, header.length - start, charset);
        Map<String, PythonLiteral> fields = PythonParser.dictionary(text)
                .map(PythonLiteral.Dictionary::entries)
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s: header is no dictionary of Python: %s", file, shown(text))));
        PythonLiteral descr = field(file, fields, "descr", text);
        PythonLiteral fortran = field(file, fields, "fortran_order", text);
        PythonLiteral shape = field(file, fields, "shape", text);
        if (!KEYS.containsAll(fields.keySet())) {
            throw new BadInputException(Text.format(
                    "%s: header has other keys than descr, fortran_order and shape: %s", file, shown(text)));
        }
        if (!(fortran instanceof PythonLiteral.Truth(boolean columnsFirst))) {
            throw new BadInputException(
                    Text.format("%s: header has no readable 'fortran_order': %s", file, shown(text)));
        }
        return new NpyHeader(NpyElement.of(file, descr), columnsFirst, dimensions(file, shape, text), header.length);
    }

    private static PythonLiteral field(String file, Map<String, PythonLiteral> fields, String key, String text) {
        return Optional.ofNullable(fields.get(key))
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s: header has no readable '%s': %s", file, key, shown(text))));
    }

    private static String shown(String text) {
        String line = Escapes.unprintable(text.strip());
        return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + " ...";
    }

    /// The header of a new file, padded with spaces to a multiple of 64 bytes that is at least `minimum`.
    static byte[] format(NpyType type, List<Long> shape, int minimum) {
        String dims = shape.stream().map(d -> d + ",").collect(Collectors.joining(" "));
        if (shape.size() > 1) {
            dims = dims.substring(0, dims.length() - 1);
        }
        String dict = "{'descr': '" + type.descr() + "', 'fortran_order': False, 'shape': (" + dims + "), }";
        int total = Math.max(minimum, (10 + dict.length() + 1 + 63) / 64 * 64);
        byte[] out = new byte[total];
        Arrays.fill(out, (byte) ' ');
        System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
        little(ByteBuffer.wrap(out)).put(6, (byte) 1).put(7, (byte) 0).putShort(8, (short) (total - 10));
        System.arraycopy(dict.getBytes(StandardCharsets.ISO_8859_1), 0, out, 10, dict.length());
        out[total - 1] = '\n';
        return out;
    }

    /// Number of elements; a shape whose bytes do not fit in 63 bits is refused.
    long elements(String file) {
        long n = 1;
        for (long d : shape) {
            if (d != 0 && n > Long.MAX_VALUE / Double.BYTES / d) {
                throw new BadInputException(file + ": shape " + shape + " is too large");
            }
            n *= d;
        }
        return n;
    }

    private static byte[] firstBytes(ByteBuffer prefix) {
        byte[] first = new byte[MAGIC.length];
        prefix.get(prefix.position(), first);
        return first;
    }

    private static ByteBuffer little(ByteBuffer buffer) {
        return buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Long> dimensions(String file, PythonLiteral shape, String text) {
        if (!(shape instanceof PythonLiteral.Tuple(var items))) {
            throw new BadInputException(Text.format("%s: header has no readable 'shape': %s", file, shown(text)));
        }
        List<Long> dimensions = new ArrayList<>();
        for (PythonLiteral item : items) {
            if (!(item instanceof PythonLiteral.Whole(var size)) || size.signum() < 0) {
                throw new BadInputException(
                        Text.format("%s: shape has a dimension that is no size: %s", file, shown(text)));
            }
            if (size.bitLength() >= Long.SIZE) {
                throw new BadInputException(
                        Text.format("%s: shape has the dimension %s, which is too large", file, size));
            }
            dimensions.add(size.longValueExact());
        }
        return List.copyOf(dimensions);
    }
}
