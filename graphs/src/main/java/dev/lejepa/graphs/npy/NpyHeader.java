package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What stands before the elements: magic, version, and a Python dictionary with `descr`, `fortran_order`, `shape`.
///
/// @param fortran whether the first index runs fastest, not the last
/// @param dataOffset bytes from the start of the file to the first element
record NpyHeader(NpyType type, boolean fortran, List<Long> shape, long dataOffset) {
    /// Bytes enough for magic, version and length of any version.
    static final int PREFIX = 12;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    /// Length of the whole header in bytes, from its first [#PREFIX] bytes.
    static long length(String file, ByteBuffer prefix) {
        if (prefix.remaining() < PREFIX || !Arrays.equals(MAGIC, firstBytes(prefix))) {
            throw new BadInputException(file + ": found no NumPy header, expected a .npy file");
        }
        int version = prefix.get(6);
        return switch (version) {
            case 1 -> 10L + Short.toUnsignedInt(little(prefix).getShort(8));
            case 2, 3 -> 12L + Integer.toUnsignedLong(little(prefix).getInt(8));
            default ->
                throw new BadInputException(file + ": .npy format version is " + version + ", expected 1, 2 or 3");
        };
    }

    /// Reads a whole header of [#length] bytes.
    static NpyHeader parse(String file, byte[] header) {
        int start = header[6] == 1 ? 10 : 12;
        String dict = new String(header, start, header.length - start, StandardCharsets.ISO_8859_1);
        String descr = field(file, dict, "descr", DESCR);
        NpyType type = NpyType.of(descr)
                .orElseThrow(() -> new BadInputException(file + ": dtype is '" + descr + "'"
                        + (descr.endsWith("O") ? " (pickled Python objects)" : "") + ", expected one of "
                        + Arrays.stream(NpyType.values()).map(NpyType::descr).collect(Collectors.joining(" "))));
        var fortran = field(file, dict, "fortran_order", FORTRAN).equals("True");
        return new NpyHeader(type, fortran, dimensions(file, field(file, dict, "shape", SHAPE)), header.length);
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

    /// Number of elements; a shape whose product does not fit in 63 bits is refused.
    long elements(String file) {
        long n = 1;
        for (long d : shape) {
            if (d != 0 && n > Long.MAX_VALUE / 8 / d) {
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

    private static String field(String file, String dict, String key, Pattern pattern) {
        Matcher m = pattern.matcher(dict);
        if (!m.find()) {
            throw new BadInputException(file + ": header has no readable '" + key + "': " + dict.strip());
        }
        return m.group(1);
    }

    private static List<Long> dimensions(String file, String text) {
        List<Long> shape = new ArrayList<>();
        for (String part : text.split(",")) {
            String digits = part.replace("L", "").strip();
            if (digits.isEmpty()) {
                continue;
            }
            try {
                shape.add(Long.parseLong(digits));
            } catch (NumberFormatException e) {
                throw new BadInputException(file + ": shape has the dimension '" + digits + "'", e);
            }
        }
        return List.copyOf(shape);
    }
}
