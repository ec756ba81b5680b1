package dev.lejepa.graphs.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final TensorInfo WEIGHT = TensorInfo.of("a.weight", ElementType.F32, 2, 3);
    private static final TensorInfo FLAGS = TensorInfo.of("flags", ElementType.BOOL, 3);
    private static final TensorInfo STEP = TensorInfo.of("step", ElementType.I64);
    private static final TensorInfo NONE = TensorInfo.of("none", ElementType.F64, 0, 4);

    @TempDir
    private Path folder;

    private static SafetensorsWriter sample() {
        return new SafetensorsWriter(Map.of("made by", "a test"))
                .add(FLAGS, MemorySegment.ofArray(new byte[] {1, 0, 1}))
                .add(WEIGHT, MemorySegment.ofArray(new float[] {1, -2, 3.5f, Float.NaN, 0, -0f}))
                .add(NONE, MemorySegment.ofArray(new double[0]))
                .add(STEP, MemorySegment.ofArray(new long[] {42}));
    }

    @Test
    void everyTensorComesBackAsItWasWritten() throws IOException {
        Path path = folder.resolve("x.safetensors");
        sample().write(path);
        try (var file = SafetensorsFile.open(path)) {
            assertEquals(List.of("flags", "a.weight", "none", "step"), List.copyOf(file.names()));
            assertEquals(Map.of("made by", "a test"), file.metadata());
            assertEquals(WEIGHT, file.find("a.weight").orElseThrow());
            assertArrayEquals(new float[] {1, -2, 3.5f, Float.NaN, 0, -0f}, file.floats("a.weight"));
            assertArrayEquals(new long[] {42}, file.longs("step"));
            assertArrayEquals(new double[0], file.doubles("none"));
            assertEquals(3, file.bytes(FLAGS).byteSize());
        }
    }

    @Test
    void dataStartsAtAMultipleOfEightBytesAndEqualTensorsGiveEqualBytes() throws IOException {
        Path first = folder.resolve("1");
        Path second = folder.resolve("2");
        sample().write(first);
        sample().write(second);
        byte[] bytes = Files.readAllBytes(first);
        assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
        assertArrayEquals(bytes, Files.readAllBytes(second));
    }

    @Test
    void generatedTensorEqualsAResidentOne() throws IOException {
        // Three pieces and a part, so that pieces are made in parallel and out of order.
        int count = 3_500_001;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 0.5f;
        }
        TensorInfo info = TensorInfo.of("x", ElementType.F32, count);
        Path resident = folder.resolve("resident");
        Path generated = folder.resolve("generated");
        Path confined = folder.resolve("native");
        new SafetensorsWriter(Map.of()).add(info, MemorySegment.ofArray(values)).write(resident);
        new SafetensorsWriter(Map.of())
                .generate(info, (piece, first) -> {
                    for (long i = 0; i < piece.byteSize() / 4; i++) {
                        piece.setAtIndex(ValueLayout.JAVA_FLOAT, i, (first + i) * 0.5f);
                    }
                })
                .write(generated);
        try (var arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(4L * count).copyFrom(MemorySegment.ofArray(values));
            new SafetensorsWriter(Map.of()).add(info, copy).write(confined);
        }
        assertEquals(-1, Files.mismatch(resident, generated));
        assertEquals(-1, Files.mismatch(resident, confined));
    }

    @Test
    void failureWhileWritingLeavesThePreviousFileAndNothingElse() throws IOException {
        Path path = folder.resolve("x.safetensors");
        sample().write(path);
        byte[] before = Files.readAllBytes(path);
        var failing = sample().generate(TensorInfo.of("late", ElementType.F32, 8), (piece, first) -> {
            throw new IOException("No space left on device");
        });
        var thrown = assertThrows(IOException.class, () -> failing.write(path));
        assertEquals("late: No space left on device", thrown.getMessage());
        assertArrayEquals(before, Files.readAllBytes(path));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void fullDeviceIsToldAndLeavesNothing() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no device that is always full");
        Path path = Files.createSymbolicLink(folder.resolve("x.safetensors"), full);
        assertThrows(IOException.class, () -> sample().write(path));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
        Files.delete(path);
    }

    @Test
    void fileCutOffAnywhereIsRefusedByName() throws IOException {
        Path path = folder.resolve("x.safetensors");
        sample().write(path);
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            var thrown = assertThrows(
                    BadInputException.class, () -> SafetensorsFile.open(path).close());
            assertTrue(thrown.getMessage().contains("x.safetensors"), thrown.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}|tensor t lies at bytes 0 to 8",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|tensor t lies at bytes 4 to 8",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4 bytes after the last tensor",
                "{\"t\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}|unknown dtype 'F33'",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}|shape is not a list of whole numbers",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}|impossible shape",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}|cut off inside tensor t",
                "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}|lacks its shape",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}|its header ends early",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"t\":{}}|'t' stands twice",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"u\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|tensor u overlaps another",
                "[1]|its header is not a JSON object",
                "hello|its header is not JSON",
            })
    void damagedHeadersNameTheTensorAndTheFault(String header, String expected) throws IOException {
        Path path = folder.resolve("bad.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                path,
                ByteBuffer.allocate(8 + json.length + 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
        var thrown = assertThrows(
                BadInputException.class, () -> SafetensorsFile.open(path).close());
        assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("bad.safetensors"), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
    }

    @Test
    void missingAndOtherwiseShapedTensorsAreRefusedByName() throws IOException {
        Path path = folder.resolve("x.safetensors");
        sample().write(path);
        try (var file = SafetensorsFile.open(path)) {
            var missing = assertThrows(BadInputException.class, () -> file.bytes("b"));
            assertTrue(missing.getMessage().endsWith("no tensor named b among its 4"), missing.getMessage());
            var other = assertThrows(
                    BadInputException.class, () -> file.bytes(TensorInfo.of("a.weight", ElementType.F32, 3, 2)));
            assertTrue(
                    other.getMessage().endsWith("tensor a.weight is F32 [2, 3] where F32 [3, 2] is expected"),
                    other.getMessage());
            assertThrows(BadInputException.class, () -> file.floats("step"));
        }
    }
}
