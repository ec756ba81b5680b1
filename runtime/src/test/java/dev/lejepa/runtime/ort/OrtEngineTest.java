package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Port;
import dev.lejepa.runtime.fixtures.TinyGraph;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OrtEngineTest {
    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(2));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /// `y = x + x` with a free number of rows.
    private static byte[] doubling() {
        return new TinyGraph()
                .metadata("image_size", "32")
                .input("x", DType.FLOAT32, -1, 2)
                .node("Add", "y", "x", "x")
                .output("y", DType.FLOAT32, -1, 2)
                .bytes();
    }

    @Test
    void modelTellsItsInputsAndOutputs() {
        try (var model = engine.load("doubling", doubling())) {
            assertEquals(List.of(new Port("x", DType.FLOAT32, List.of(-1L, 2L))), model.inputs());
            assertEquals(List.of(new Port("y", DType.FLOAT32, List.of(-1L, 2L))), model.outputs());
            assertEquals("float32 [?, 2]", model.output("y").describe());
        }
    }

    @Test
    void modelTellsItsMetadata() {
        try (var model = engine.load("doubling", doubling())) {
            assertEquals(Optional.of("32"), model.metadata("image_size"));
            assertEquals(Optional.empty(), model.metadata("mean"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void outputsHaveTheShapeOfTheBatch(int rows) {
        try (var model = engine.load("doubling", doubling());
                var x = engine.allocate("x", DType.FLOAT32, rows, 2)) {
            x.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 1, 21);
            try (var outputs = model.run(Map.of("x", x))) {
                assertEquals(List.of((long) rows, 2L), outputs.first().shape());
                assertEquals(42, outputs.get("y").toFloats()[1]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(EngineOptions.Optimization.class)
    void everyLevelOfOptimizationComputesTheSame(EngineOptions.Optimization level) {
        try (var other = OrtEngine.open(
                        "cpu", EngineOptions.of(1).withOptimization(level).withSpin(false));
                var model = other.load("doubling", doubling());
                var x = other.allocate("x", DType.FLOAT32, 1, 2)) {
            x.setFloats(1, 2);
            try (var outputs = model.run(Map.of("x", x))) {
                assertArrayEquals(new float[] {2, 4}, outputs.first().toFloats());
            }
        }
    }

    @Test
    void graphOnDiskFindsTheWeightsBesideIt() throws IOException {
        Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40}); // 1, 2
        var file = folder.resolve("model.onnx");
        Files.write(
                file,
                new TinyGraph()
                        .input("x", DType.FLOAT32, 2)
                        .external("w", "weights.bin", 2)
                        .node("Mul", "y", "x", "w")
                        .output("y", DType.FLOAT32, 2)
                        .bytes());
        try (var model = engine.load(file);
                var x = engine.allocate("x", DType.FLOAT32, 2)) {
            x.setFloats(3, 5);
            try (var outputs = model.run(Map.of("x", x))) {
                assertArrayEquals(new float[] {3, 10}, outputs.first().toFloats());
            }
        }
    }

    @Test
    void wrappedMemoryIsReadAndWrittenWhereItLies() {
        try (var arena = Arena.ofConfined();
                var model = engine.load("doubling", doubling())) {
            var in = arena.allocate(8, 4);
            var out = arena.allocate(8, 4);
            in.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 4);
            try (var x = engine.wrap("x", DType.FLOAT32, in, 1, 2);
                    var y = engine.wrap("y", DType.FLOAT32, out, 1, 2);
                    var binding = model.bind()) {
                binding.input("x", x);
                binding.output("y", y);
                binding.run();
                assertEquals(8, out.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
                in.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 5);
                binding.run();
                assertEquals(10, out.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
            }
        }
    }

    @Test
    void allocatedTensorsAreAlignedZeros() {
        try (var t = engine.allocate("t", DType.INT64, 3, 5)) {
            assertEquals(0, t.segment().address() % 64);
            assertArrayEquals(new long[15], t.toLongs());
        }
    }

    @Test
    void closedTensorIsNotBound() {
        try (var model = engine.load("doubling", doubling());
                var binding = model.bind()) {
            var x = engine.allocate("x", DType.FLOAT32, 1, 2);
            x.close();
            x.close();
            assertThrows(IllegalStateException.class, () -> binding.input("x", x));
        }
    }

    @Test
    void unknownInputIsNamedBesideThoseThatExist() {
        try (var model = engine.load("doubling", doubling());
                var x = engine.allocate("x", DType.FLOAT32, 1, 2)) {
            var e = assertThrows(EngineException.class, () -> model.run(Map.of("images", x)));
            assertEquals("doubling has no input 'images'; it has [x]", e.getMessage());
        }
    }

    @Test
    void faultInsideAGraphNamesGraphAndNode() {
        var bytes = new TinyGraph()
                .input("x", DType.FLOAT32, -1, 2)
                .constant("shape", 3, 2)
                .node("Reshape", "y", "x", "shape")
                .output("y", DType.FLOAT32, -1, 2)
                .bytes();
        try (var model = engine.load("folding.onnx", bytes);
                var x = engine.allocate("x", DType.FLOAT32, 2, 2)) {
            var e = assertThrows(EngineException.class, () -> model.run(Map.of("x", x)));
            assertTrue(e.getMessage().startsWith("folding.onnx: "), e.getMessage());
            assertTrue(e.getMessage().contains("y:Reshape"), e.getMessage());
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
        }
    }

    @Test
    void graphWithAnUnknownOperatorIsRefusedByItsName() {
        var bytes = new TinyGraph()
                .input("x", DType.FLOAT32, 2)
                .node("Frobnicate", "y", "x")
                .output("y", DType.FLOAT32, 2)
                .bytes();
        var e = assertThrows(EngineException.class, () -> engine.load("odd.onnx", bytes));
        assertTrue(e.getMessage().startsWith("odd.onnx cannot be loaded: "), e.getMessage());
        assertTrue(e.getMessage().contains("Frobnicate"), e.getMessage());
    }

    @Test
    void fileThatIsNoOnnxFileIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("text.onnx"), "this is no graph, however long one looks at it");
        var e = assertThrows(BadInputException.class, () -> engine.load(file));
        assertEquals(file + " is no ONNX file", e.getMessage());
    }

    @Test
    void emptyFileIsRefused() throws IOException {
        var file = Files.createFile(folder.resolve("empty.onnx"));
        assertThrows(BadInputException.class, () -> engine.load(file));
    }

    @Test
    void missingFileIsRefused() {
        var file = folder.resolve("absent.onnx");
        var e = assertThrows(BadInputException.class, () -> engine.load(file));
        assertEquals(file + ": no such file", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "cuda:0,device 'cuda:0' needs ONNX Runtime's build for CUDA",
        "cuda:x,device 'cuda:x' is unknown",
        "tpu,device 'tpu' is unknown"
    })
    void otherDevicesAreRefusedByName(String device, String message) {
        var options = EngineOptions.of(1);
        var e = assertThrows(BadInputException.class, () -> OrtEngine.open(device, options));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void autoIsTheCpu() {
        try (var auto = OrtEngine.open("auto", EngineOptions.of(1))) {
            assertEquals("cpu", auto.device());
        }
    }

    @Test
    void profileIsWrittenForEachGraph() throws IOException {
        var options = EngineOptions.of(1).withProfile(folder.resolve("profile"));
        try (var profiled = OrtEngine.open("cpu", options);
                Model model = profiled.load("doubling", doubling());
                var x = profiled.allocate("x", DType.FLOAT32, 1, 2)) {
            model.run(Map.of("x", x)).close();
        }
        try (var files = Files.list(folder)) {
            assertTrue(files.anyMatch(f -> f.getFileName().toString().startsWith("profile.doubling")));
        }
    }
}
