package dev.lejepa.graphs.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as NumPy, its predecessors and others write them.
class NpyVariantsTest {
    private static final String PLAIN = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

    @TempDir
    private Path folder;

    private Path file(int version, String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        var all = new ByteArrayOutputStream();
        all.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        var length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length);
        all.write(length.array(), 0, version == 1 ? 2 : 4);
        all.write(text);
        all.write(data);
        return Files.write(folder.resolve("x.npy"), all.toByteArray());
    }

    private static byte[] encoded(String kind, ByteOrder order, double... values) {
        int size = Character.digit(kind.charAt(1), 10);
        var out = ByteBuffer.allocate(size * values.length).order(order);
        for (double value : values) {
            switch (kind) {
                case "b1", "i1", "u1" -> out.put((byte) value);
                case "i2", "u2" -> out.putShort((short) (int) value);
                case "f2" -> out.putShort(Float.floatToFloat16((float) value));
                case "i4", "u4" -> out.putInt((int) (long) value);
                case "f4" -> out.putFloat((float) value);
                case "i8", "u8" -> out.putLong((long) value);
                case "f8" -> out.putDouble(value);
                default -> throw new IllegalArgumentException(kind);
            }
        }
        return out.array();
    }

    private static byte[] floats(double... values) {
        return encoded("f4", ByteOrder.LITTLE_ENDIAN, values);
    }

    /// `[[1, 0, 1], [0, 1, 7]]`, but for truths.
    private static void requireMatrix(NpyMatrix matrix, double last) {
        assertEquals(2, matrix.rows());
        assertEquals(3, matrix.columns());
        var block = new float[6];
        matrix.read(0, 2, 0, 3, block, 3);
        float[] expected = {1, 0, 1, 0, 1, (float) last};
        IntStream.range(0, 6).forEach(i -> assertEquals(expected[i], block[i], "element " + i));
    }

    static Stream<Arguments> types() {
        return Stream.of("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
                .flatMap(kind -> Stream.of("<", ">", "=", "|", "")
                        .flatMap(order -> Stream.of(true, false).map(fortran -> Arguments.of(kind, order, fortran))));
    }

    @ParameterizedTest(name = "{1}{0} fortran {2}")
    @MethodSource("types")
    void everyTypeIsReadInEveryOrder(String kind, String order, boolean fortran) throws IOException {
        double last = kind.equals("b1") ? 1 : kind.startsWith("u") ? Math.pow(2, 8 * (kind.charAt(1) - '0') - 1) : 7;
        var bytes = order.equals(">")
                ? ByteOrder.BIG_ENDIAN
                : order.equals("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.nativeOrder();
        byte[] data = kind.equals("u8")
                ? encodedUnsigned(bytes, fortran)
                : fortran ? encoded(kind, bytes, 1, 0, 0, 1, 1, last) : encoded(kind, bytes, 1, 0, 1, 0, 1, last);
        String header = "{'descr': '%s%s', 'fortran_order': %s, 'shape': (2, 3), }"
                .formatted(order, kind, fortran ? "True" : "False");
        requireMatrix(NpyFile.matrix(file(1, header, data)), last);
    }

    private static byte[] encodedUnsigned(ByteOrder order, boolean fortran) {
        long[] values = fortran ? new long[] {1, 0, 0, 1, 1, 1L << 63} : new long[] {1, 0, 1, 0, 1, 1L << 63};
        var out = ByteBuffer.allocate(48).order(order);
        for (long value : values) {
            out.putLong(value);
        }
        return out.array();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2, 3)}",
                "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
                "{'shape':(2,3),'descr':'<f4','fortran_order':False}\n",
                "  {  'descr' :\t'<f4' ,\n 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , }  \n",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }        \n",
                "{u'descr': u'<f4', u'fortran_order': False, u'shape': (2, 3)}",
                "{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3)}",
                "{'descr': 'f', 'fortran_order': False, 'shape': (+2, 03)}",
            })
    void theHeaderIsReadHoweverItIsSpelled(String header) throws IOException {
        for (int version = 1; version <= 3; version++) {
            requireMatrix(NpyFile.matrix(file(version, header, floats(1, 0, 1, 0, 1, 7))), 7);
        }
    }

    @Test
    void bytesBehindTheLastElementAreLeftAlone() throws IOException {
        byte[] data = new byte[24 + 1000];
        System.arraycopy(floats(1, 0, 1, 0, 1, 7), 0, data, 0, 24);
        requireMatrix(NpyFile.matrix(file(1, PLAIN, data)), 7);
    }

    @Test
    void largeWholeNumbersAreRoundedOnce() throws IOException {
        // Halfway between two floats but for the lowest bit, which a double does not hold.
        long value = (1L << 62) + (1L << 38) + 1;
        var signed = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        var header = "{'descr': '<%s8', 'fortran_order': False, 'shape': (1, 1)}";
        assertEquals(
                (float) value,
                NpyFile.matrix(file(1, header.formatted("i"), signed.array())).at(0, 0));
        var unsigned = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(2 * value + 1);
        var array = NpyFile.read(file(1, header.formatted("u"), unsigned.array()));
        assertEquals(2 * (float) value, array.getFloat(0));
        assertEquals(Math.pow(2, 63) + Math.pow(2, 39), array.get(0));
        assertThrows(BadInputException.class, array::toLongs);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        '<f16', 'fortran_order': False, 'shape': (2, 3) ; dtype is '<f16' (extended precision
        '<c16', 'fortran_order': False, 'shape': (2, 3) ; dtype is '<c16' (complex numbers), expected one of
        '|O', 'fortran_order': False, 'shape': (2, 3) ; dtype is '|O' (pickled Python objects), expected
        '<U5', 'fortran_order': False, 'shape': (2, 3) ; dtype is '<U5' (texts), expected
        '|S5', 'fortran_order': False, 'shape': (2, 3) ; dtype is '|S5' (texts), expected
        '<M8[ns]', 'fortran_order': False, 'shape': (2, 3) ; dtype is '<M8[ns]' (times), expected
        '|V4', 'fortran_order': False, 'shape': (2, 3) ; dtype is '|V4' (bytes without a type), expected
        '<f3', 'fortran_order': False, 'shape': (2, 3) ; dtype is '<f3', expected one of
        '', 'fortran_order': False, 'shape': (2, 3) ; dtype is '', expected one of
        [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (2,) ; dtype is a structure of fields
        '<f4', 'fortran_order': False, 'shape': (2, 4) ; shape [2, 4] of <f4 needs 32 bytes of data, found 24
        '<f4', 'fortran_order': False, 'shape': (6,) ; shape is [6], expected a matrix [rows, columns]
        '<f4', 'fortran_order': False, 'shape': (1, 2, 3) ; shape is [1, 2, 3], expected a matrix
        '<f4', 'fortran_order': False, 'shape': () ; shape is [], expected a matrix
        '<f4', 'fortran_order': False, 'shape': (6) ; header has no readable 'shape'
        '<f4', 'fortran_order': False, 'shape': [2, 3] ; header has no readable 'shape'
        '<f4', 'fortran_order': False, 'shape': (-1, 3) ; shape has a dimension that is no size
        '<f4', 'fortran_order': False, 'shape': (2.0, 3) ; header is no dictionary of Python
        '<f4', 'fortran_order': False, 'shape': ('2', 3) ; shape has a dimension that is no size
        '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296) ; shape [4294967296, 4294967296] is too large
        '<f4', 'fortran_order': False, 'shape': (9223372036854775808, 1) ; shape has the dimension 9223372036854775808, which
        '<f4', 'fortran_order': False, 'shape': (0, 4294967296) ; 4294967296 columns, expected at most
        '<f4', 'fortran_order': 1, 'shape': (2, 3) ; header has no readable 'fortran_order'
        '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1 ; header has other keys than descr
        '<f4', 'fortran_order': False ; header has no readable 'shape'
        '<f4', 'fortran_order': False, 'shape': (2, 3 ; header is no dictionary of Python
        '<f4', 'fortran_order': __import__('os'), 'shape': (2, 3) ; header is no dictionary of Python
        '<f4', 'fortran_order': [[[[[[[[[[[[[[[[[[[[[[[[[ 'shape': ; header is no dictionary of Python
        """)
    void whatIsNoMatrixOfNumbersIsRefusedInWords(String header, String message) throws IOException {
        refuse(file(1, "{'descr': " + header.strip() + "}", new byte[24]), message);
    }

    private static void refuse(Path path, String message) {
        var thrown = assertThrows(BadInputException.class, () -> NpyFile.matrix(path));
        assertTrue(thrown.getMessage().startsWith(path + ": " + message), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
    }

    @Test
    void otherVersionsAndLengthsBeyondTheFileAreRefused() throws IOException {
        refuse(file(4, PLAIN, new byte[24]), ".npy format version is 4.0, expected 1.0, 2.0 or 3.0");
        var path = file(2, PLAIN, new byte[24]);
        try (var bytes = new RandomAccessFile(path.toFile(), "rw")) {
            bytes.seek(8);
            bytes.write(new byte[] {0, 2, 0, 0});
            refuse(path, "cut off within its header");
            bytes.seek(8);
            bytes.write(new byte[] {-1, -1, -1, -1});
            refuse(path, "its header is 4294967307 bytes long");
            bytes.seek(7);
            bytes.write(1);
            refuse(path, ".npy format version is 2.1, expected");
        }
    }

    @Test
    void otherKindsOfFilesAreNamed() throws IOException {
        var path = folder.resolve("other");
        refuse(Files.write(path, "PK\003\004 and more".getBytes(StandardCharsets.ISO_8859_1)), "is an archive (.npz?)");
        refuse(Files.write(path, new byte[] {(byte) 0x80, 4, (byte) 0x95, 0}), "is a Python pickle");
        refuse(Files.write(path, new byte[0]), "found no NumPy header");
        refuse(Files.createDirectory(folder.resolve("d")), "is a folder, expected a file");
    }

    @Test
    void emptyMatricesAreRead() throws IOException {
        var matrix = NpyFile.matrix(file(1, PLAIN.replace("(2, 3)", "(0, 3)"), new byte[0]));
        assertEquals(0, matrix.rows());
        assertEquals(3, matrix.columns());
    }
}
