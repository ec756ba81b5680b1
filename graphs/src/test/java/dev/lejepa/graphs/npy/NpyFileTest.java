package dev.lejepa.graphs.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyFileTest {
    @TempDir
    private Path folder;

    /// A file as NumPy writes it: version 1.0, header padded to 64 bytes.
    private Path file(String dict, byte... data) throws IOException {
        byte[] header = new byte[118];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(dict.getBytes(StandardCharsets.ISO_8859_1), 0, header, 0, dict.length());
        header[117] = '\n';
        byte[] all = new byte[10 + header.length + data.length];
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
        System.arraycopy(magic, 0, all, 0, 10);
        System.arraycopy(header, 0, all, 10, header.length);
        System.arraycopy(data, 0, all, 128, data.length);
        return Files.write(folder.resolve("x.npy"), all);
    }

    @Test
    void readsWhatNumpyWrites() throws IOException {
        Path path = file(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }",
                new byte[] {0, 0, -128, 63, 0, 0, 0, -64});
        NpyArray array = NpyFile.read(path);
        assertEquals(List.of(1L, 2L), array.shape());
        assertArrayEquals(new float[] {1, -2}, array.toFloats());
        assertArrayEquals(new double[] {1, -2}, array.toDoubles());
    }

    @Test
    void readsScalarsAndVectors() throws IOException {
        NpyArray scalar = NpyFile.read(file("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", (byte) 200));
        assertEquals(List.of(), scalar.shape());
        assertEquals(200, scalar.get(0));
        NpyArray vector = NpyFile.read(
                file("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", new byte[] {-1, -1, -1, -1}));
        assertEquals(List.of(1L), vector.shape());
        assertArrayEquals(new long[] {-1}, vector.toLongs());
    }

    @Test
    void everyTypeSurvivesARoundTrip() throws IOException {
        Path path = folder.resolve("r.npy");
        NpyFile.write(path, new float[] {1, 2.5f, Float.NaN, -0f, 5, 6}, 2, 3);
        assertArrayEquals(
                new float[] {1, 2.5f, Float.NaN, -0f, 5, 6}, NpyFile.read(path).toFloats());
        assertEquals(List.of(2L, 3L), NpyFile.read(path).shape());
        NpyFile.write(path, new double[] {Math.PI, Double.MIN_VALUE}, 2);
        assertArrayEquals(
                new double[] {Math.PI, Double.MIN_VALUE}, NpyFile.read(path).toDoubles());
        NpyFile.write(path, new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2);
        assertArrayEquals(
                new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, NpyFile.read(path).toLongs());
        NpyFile.write(path, new byte[] {0, 127, -1}, 1, 3, 1);
        assertArrayEquals(new byte[] {0, 127, -1}, NpyFile.read(path).toBytes());
        assertEquals(NpyType.UINT8, NpyFile.read(path).type());
    }

    @Test
    void rowsAreStreamedUntilTheirNumberIsKnown() throws IOException {
        Path path = folder.resolve("rows.npy");
        try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT32, 3)) {
            for (int row = 0; row < 40_000; row++) {
                writer.append(new float[] {9, row, row + 0.5f, -row, 9}, 1, 3);
            }
            assertFalse(Files.exists(path));
            writer.commit();
        }
        NpyArray array = NpyFile.read(path);
        assertEquals(List.of(40_000L, 3L), array.shape());
        assertEquals(39_999.5, array.get(3L * 39_999 + 1));
        assertEquals(-39_999, array.get(3L * 39_999 + 2));
    }

    @Test
    void abandonedWriterLeavesTheOldFileAndNoOther() throws IOException {
        Path path = folder.resolve("old.npy");
        NpyFile.write(path, new float[] {7}, 1);
        try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT32)) {
            writer.append(new float[] {1, 2}, 0, 2);
        }
        assertArrayEquals(new float[] {7}, NpyFile.read(path).toFloats());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {'descr': '<c8', 'fortran_order': False, 'shape': (1,), } | dtype is '<c8' (complex numbers), expected one of
        {'descr': '<f4', 'fortran_order': True, 'shape': (1,), }  | fortran_order is True, expected C order
        {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | shape [2] of <f4 needs 8 bytes of data, found 4
        {'descr': '<f4', 'fortran_order': False}                  | header has no readable 'shape'
        """, quoteCharacter = '`')
    void unreadableFileIsRefusedInWords(String dict, String message) throws IOException {
        Path path = file(dict, new byte[4]);
        BadInputException e = assertThrows(BadInputException.class, () -> NpyFile.read(path));
        assertTrue(e.getMessage().startsWith(path + ": " + message), e.getMessage());
    }

    @Test
    void otherFilesAreRefusedInWords() throws IOException {
        Path text = Files.writeString(folder.resolve("t.npy"), "no array at all, just some text");
        assertEquals(
                text + ": found no NumPy header, expected a .npy file",
                assertThrows(BadInputException.class, () -> NpyFile.read(text)).getMessage());
        Path none = folder.resolve("none.npy");
        assertEquals(
                none + ": no such file",
                assertThrows(BadInputException.class, () -> NpyFile.read(none)).getMessage());
    }

    @Test
    void wrongTypeIsRefusedNotConverted() throws IOException {
        Path path = folder.resolve("f.npy");
        NpyFile.write(path, new float[] {1}, 1);
        assertThrows(BadInputException.class, () -> NpyFile.read(path).toLongs());
        assertThrows(BadInputException.class, () -> NpyFile.read(path).toBytes());
        assertThrows(BadInputException.class, () -> NpyFile.read(path).requireMatrix());
    }
}
