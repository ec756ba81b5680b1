package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.random.Draws;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes damaged files out of whole ones: the same draws give the same bytes.
///
/// @param seeds whole files
/// @param words what means something to the reader
record Mutator(List<byte[]> seeds, List<byte[]> words) {
    /// Larger inputs find nothing that smaller ones do not, and are slow.
    private static final int LONGEST = 1 << 16;

    private static final int MOST_CHANGES = 4;

    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        0x10000,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        0x100000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        1_000_000_000L
    };

    private static final List<String> NUMERALS = List.of(
            "-1",
            "0",
            "1",
            "00",
            "65536",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "1e999",
            "-1e999",
            "1e-400",
            "1.5",
            "1e9",
            "NaN",
            ".inf",
            "0x10",
            "null",
            "true",
            "\"a\\nb\"",
            "[]",
            "{}",
            "[1, 2]",
            "");

    /// One way to damage a file.
    private enum Change {
        FLIP_A_BIT,
        SET_A_BYTE,
        SET_A_LENGTH,
        SET_A_NUMERAL,
        CUT_THE_END,
        CUT_A_PIECE,
        DOUBLE_A_PIECE,
        REPEAT_A_PIECE,
        MOVE_A_PIECE,
        INSERT_NOISE,
        INSERT_A_WORD,
        REPLACE_BY_A_WORD,
        SPLICE
    }

    /// A whole file with one or a few changes.
    byte[] input(Draws draws) {
        byte[] bytes = any(seeds, draws);
        for (var left = 1 + draws.below(1 + draws.below(MOST_CHANGES)); left > 0; left--) {
            bytes = changed(bytes, draws);
        }
        return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
    }

    private byte[] changed(byte[] bytes, Draws draws) {
        var changes = Change.values();
        var at = place(bytes, draws);
        var piece = piece(bytes, at, draws);
        return switch (changes[draws.below(changes.length)]) {
            case FLIP_A_BIT -> with(bytes, at, new byte[] {(byte) (byteAt(bytes, at) ^ 1 << draws.below(8))});
            case SET_A_BYTE -> with(bytes, at, new byte[] {(byte) draws.word()});
            case SET_A_LENGTH -> with(bytes, at, length(bytes.length, draws));
            case SET_A_NUMERAL -> numeral(bytes, at, draws);
            case CUT_THE_END -> Arrays.copyOf(bytes, at);
            case CUT_A_PIECE -> replaced(bytes, at, piece.length, new byte[0]);
            case DOUBLE_A_PIECE -> replaced(bytes, at, 0, piece);
            case REPEAT_A_PIECE -> replaced(bytes, at, 0, repeated(piece, draws));
            case MOVE_A_PIECE -> {
                var rest = replaced(bytes, at, piece.length, new byte[0]);
                yield replaced(rest, place(rest, draws), 0, piece);
            }
            case INSERT_NOISE -> replaced(bytes, at, 0, noise(draws));
            case INSERT_A_WORD -> replaced(bytes, at, 0, any(words, draws));
            case REPLACE_BY_A_WORD -> with(bytes, at, any(words, draws));
            case SPLICE -> {
                var other = any(seeds, draws);
                var from = place(other, draws);
                yield replaced(bytes, at, bytes.length - at, Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private static byte[] any(List<byte[]> list, Draws draws) {
        return list.get(draws.below(list.size()));
    }

    /// Headers decide most: every other place is among the first bytes.
    private static int place(byte[] bytes, Draws draws) {
        var near = Math.min(bytes.length, 64);
        return draws.below((draws.bernoulli(0.5) ? bytes.length : near) + 1);
    }

    private static byte[] piece(byte[] bytes, int at, Draws draws) {
        var most = Math.min(bytes.length - at, draws.bernoulli(0.5) ? 8 : 512);
        return Arrays.copyOfRange(bytes, at, at + draws.below(most + 1));
    }

    private static byte byteAt(byte[] bytes, int at) {
        return at < bytes.length ? bytes[at] : 0;
    }

    /// A number at the edge of a type, or near the file's own length, in 1 to 8 bytes of either order.
    private static byte[] length(int own, Draws draws) {
        var edge = draws.bernoulli(0.2) ? own + draws.below(17) - 8 : EDGES[draws.below(EDGES.length)];
        var width = 1 << draws.below(4);
        var wide =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(edge);
        var bytes = Arrays.copyOf(wide.array(), width);
        if (draws.bernoulli(0.5)) {
            for (var i = 0; i < width / 2; i++) {
                var first = bytes[i];
                bytes[i] = bytes[width - 1 - i];
                bytes[width - 1 - i] = first;
            }
        }
        return bytes;
    }

    /// The next number in digits gives way to another.
    private static byte[] numeral(byte[] bytes, int at, Draws draws) {
        var begin = at;
        while (begin < bytes.length && !isDigit(bytes[begin])) {
            begin++;
        }
        var end = begin;
        while (end < bytes.length && isDigit(bytes[end])) {
            end++;
        }
        var other = NUMERALS.get(draws.below(NUMERALS.size())).getBytes(StandardCharsets.UTF_8);
        return replaced(bytes, begin, end - begin, other);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9' || b == '.' || b == '-';
    }

    private static byte[] repeated(byte[] piece, Draws draws) {
        var most = 1 << draws.below(17); // few are long
        var times = most / Math.max(1, piece.length);
        var many = ByteBuffer.allocate(times * piece.length);
        for (var i = 0; i < times; i++) {
            many.put(piece);
        }
        return many.array();
    }

    private static byte[] noise(Draws draws) {
        var noise = new byte[1 + draws.below(16)];
        for (var i = 0; i < noise.length; i++) {
            noise[i] = (byte) draws.word();
        }
        return noise;
    }

    /// The same length, as far as `by` does not reach beyond the end.
    private static byte[] with(byte[] bytes, int at, byte[] by) {
        return replaced(bytes, at, Math.min(by.length, bytes.length - at), by);
    }

    private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
        var result = new byte[bytes.length - length + by.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }

    /// Texts as the bytes of files.
    static List<byte[]> bytes(List<String> texts) {
        var all = new ArrayList<byte[]>();
        texts.forEach(text -> all.add(text.getBytes(StandardCharsets.ISO_8859_1)));
        return all;
    }
}
