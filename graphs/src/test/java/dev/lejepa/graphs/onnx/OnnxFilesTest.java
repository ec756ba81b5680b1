package dev.lejepa.graphs.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.StringStringEntryProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxFilesTest {
    private static final int COLUMNS = 400;

    @TempDir
    private Path folder;

    private static OnnxModel model() {
        var g = new Graph("encoder");
        var x = g.input("x", Type.f32(Shape.batched(1, COLUMNS)));
        var w = g.input("w", Type.f32(COLUMNS));
        var table = new float[COLUMNS];
        for (var i = 0; i < COLUMNS; i++) {
            table[i] = i;
        }
        g.output(
                "y",
                x.mul(w).add(g.constant(Tensor.of(Shape.of(COLUMNS), table))).mul(2));
        return Lowering.lower(g, Target.PORTABLE, Map.of("model", "test", "a key", "a value"));
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        var file = folder.resolve("m.onnx");
        OnnxFiles.write(model(), file);
        assertEquals(model().proto(), OnnxFiles.read(file));
        assertEquals(List.of("m.onnx"), names());
    }

    @Test
    void writingTwiceGivesTheSameBytes() throws IOException {
        OnnxFiles.write(model(), folder.resolve("a.onnx"));
        OnnxFiles.write(model(), folder.resolve("b.onnx"));
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.onnx")), Files.readAllBytes(folder.resolve("b.onnx")));
    }

    @Test
    void fileDeclaresVersionsAndMetadata() {
        var m = model().proto();
        assertEquals(8, m.getIrVersion());
        assertEquals(1, m.getOpsetImportCount());
        assertEquals(18, m.getOpsetImport(0).getVersion());
        assertEquals(
                Map.of("model", "test", "a key", "a value"),
                m.getMetadataPropsList().stream()
                        .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue)));
    }

    @Test
    void fixedInputsBecomeInitializers() {
        var values = ByteBuffer.allocate(COLUMNS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.putFloat(0, 1.5f);
        var fixed = model().withFixed(Map.of("w", values));
        assertEquals(List.of("x"), fixed.inputs());
        var w = fixed.proto().getGraph().getInitializerList().stream()
                .filter(t -> t.getName().equals("w"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of((long) COLUMNS), w.getDimsList());
        assertEquals(
                1.5f,
                w.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat(0));
        assertThrows(IllegalArgumentException.class, () -> model().withFixed(Map.of("v", values)));
    }

    @Test
    void largeInitializersLieInAFileBesideTheModel() throws IOException {
        var file = folder.resolve("m.onnx");
        OnnxFiles.write(model(), file, 1000);
        assertEquals(List.of("m.onnx", "m.onnx.data"), names());
        var table = OnnxFiles.read(file).getGraph().getInitializerList().stream()
                .filter(t -> t.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
                .toList();
        assertEquals(1, table.size());
        assertFalse(table.getFirst().hasRawData());
        var where = table.getFirst().getExternalDataList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertEquals(Map.of("location", "m.onnx.data", "offset", "0", "length", "1600"), where);
        var data = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("m.onnx.data")))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(399f, data.getFloat(399 * Float.BYTES));
    }

    @Test
    void otherFilesAreRefusedByName() throws IOException {
        OnnxFiles.write(model(), folder.resolve("m.onnx"));
        var bytes = Files.readAllBytes(folder.resolve("m.onnx"));
        Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(bytes, bytes.length - 50));
        Files.writeString(folder.resolve("text.onnx"), "this is a text");
        Files.write(folder.resolve("empty.onnx"), new byte[0]);
        Files.createDirectory(folder.resolve("folder.onnx"));
        for (var name : List.of("cut.onnx", "text.onnx", "empty.onnx", "none.onnx", "folder.onnx")) {
            var e = assertThrows(BadInputException.class, () -> OnnxFiles.read(folder.resolve(name)), name);
            assertTrue(e.getMessage().contains(name), e.getMessage());
        }
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
