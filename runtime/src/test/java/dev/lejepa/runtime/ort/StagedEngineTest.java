package dev.lejepa.runtime.ort;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.Manifest.Role;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.HostFeed;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.fixtures.Batches;
import dev.lejepa.runtime.fixtures.MlpBundle;
import dev.lejepa.runtime.fixtures.SmallVit;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The engine with tensors that the host cannot read, as on a CUDA device, computed by host cores.
class StagedEngineTest {
    private static final long PLENTY = 1L << 30;

    @TempDir
    Path folder;

    private final FarMemory memory = new FarMemory(PLENTY);
    private final Engine engine = OrtEngine.openStaged(EngineOptions.of(2).withSpin(false), memory);

    @AfterEach
    void everyBlockIsFreed() {
        assertEquals(0, memory.open());
        engine.close();
    }

    private Program mlp() throws IOException {
        var program = Program.open(engine, MlpBundle.write(folder.resolve("bundle")));
        program.initialize();
        return program;
    }

    @Test
    void tensorsAreReachedByCopiesAlone() {
        try (var x = engine.allocate("x", DType.FLOAT32, 2, 3)) {
            assertFalse(x.onHost());
            assertThrows(UnsupportedOperationException.class, x::segment);
            assertArrayEquals(new float[6], x.toFloats());
            x.setFloats(1, 2, 3, 4, 5, 6);
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x.toFloats());
            x.zero();
            assertArrayEquals(new float[6], x.toFloats());
            assertEquals(24, engine.takenBytes());
        }
        assertEquals(0, engine.takenBytes());
    }

    @Test
    void stepsGiveTheBitsOfTensorsInHostMemory() throws IOException {
        try (var host = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
                var near = Program.open(host, MlpBundle.write(folder.resolve("near")));
                var far = mlp()) {
            near.initialize();
            for (var s = 0; s < 5; s++) {
                assertEquals(Batches.step(near, s), Batches.step(far, s), "loss of step " + s);
            }
            for (var p : MlpBundle.PARAMETERS) {
                assertArrayEquals(
                        near.states().get(p).toFloats(), far.states().get(p).toFloats(), p);
            }
        }
    }

    @Test
    void graphsForCudaTrainAsThoseForHostCoresDo() throws IOException {
        try (var host = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
                var near = vit(host, Target.ORT);
                var far = vit(engine, Target.CUDA);
                var plain = vit(engine, Target.CUDA_EXPLICIT)) {
            for (var s = 0; s < 5; s++) {
                var expected = SmallVit.step(near, s, s);
                // float32 rounding in another order, carried on by five steps of Adam
                assertEquals(expected, SmallVit.step(far, s, s), 1e-4, "loss of step " + s);
                assertEquals(expected, SmallVit.step(plain, s, s), 1e-4, "loss of step %d, explicit".formatted(s));
            }
            assertTrue(far.manifest().forCuda());
            assertFalse(far.states().get("step").onHost(), "its graph counts where it computes");
            assertArrayEquals(new long[] {5}, far.states().get("step").toLongs());
        }
    }

    @Test
    void aPartOfATensorSharesItsMemoryAndLeavesItWhenItIsClosed() {
        for (var of : List.of(
                engine.allocate("far", DType.FLOAT32, 4, 2), engine.allocateOnHost("near", DType.FLOAT32, 4, 2))) {
            try (of) {
                of.setFloats(1, 2, 3, 4, 5, 6, 7, 8);
                try (var rows = of.slice(1, 2);
                        var last = of.slice("last", 6, 2)) {
                    assertEquals(List.of(2L, 2L), rows.shape());
                    assertArrayEquals(new float[] {3, 4, 5, 6}, rows.toFloats());
                    rows.zero();
                    last.setFloats(9, 10);
                }
                assertArrayEquals(new float[] {1, 2, 0, 0, 0, 0, 9, 10}, of.toFloats());
                assertThrows(IllegalArgumentException.class, () -> of.slice(3, 2));
            }
        }
    }

    /// Three micro-batches of three images: the last has one image less, so rows are copied and filled up.
    @Test
    void stepsThatAreCutAreTheSameInBothMemories() throws IOException {
        var cut = new Parts(1, 3);
        try (var host = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
                var near = vit(host, Target.ORT, cut);
                var far = vit(engine, Target.ORT, cut);
                var cuda = vit(engine, Target.CUDA, cut)) {
            for (var s = 0; s < 3; s++) {
                var expected = SmallVit.step(near, s, s);
                assertEquals(expected, SmallVit.step(far, s, s), "loss of step " + s);
                // float32 rounding in another order
                assertEquals(expected, SmallVit.step(cuda, s, s), 1e-4, "loss of step " + s);
            }
        }
    }

    @Test
    void checkpointsGoFromOneMemoryToTheOther() throws IOException {
        try (var host = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
                var near = vit(host, Target.ORT);
                var far = vit(engine, Target.CUDA)) {
            for (var s = 0; s < 3; s++) {
                SmallVit.step(far, s, s);
            }
            var checkpoints = new Checkpoints(folder.resolve("run"));
            checkpoints.save(far.states(), 3, "digest", 1);
            checkpoints.newest().orElseThrow().restore(near.states());
            for (var s : near.states().declared(Role.PARAMETER, Role.MOMENT1, Role.MOMENT2, Role.BUFFER, Role.STEP)) {
                assertEquals(bits(far, s.name()), bits(near, s.name()), s.name());
            }
            // float32 rounding in another order
            assertEquals(SmallVit.step(far, 3, 3), SmallVit.step(near, 3, 3), 1e-5);
        }
    }

    private static String bits(Program program, String state) {
        var tensor = program.states().get(state);
        var bytes = new byte[Math.toIntExact(tensor.byteSize())];
        tensor.copyTo(MemorySegment.ofArray(bytes));
        return Arrays.toString(bytes);
    }

    private Program vit(Engine on, Target target) throws IOException {
        return vit(on, target, Parts.WHOLE);
    }

    private Program vit(Engine on, Target target, Parts parts) throws IOException {
        var recipe = SmallVit.recipe(dev.lejepa.graphs.recipe.Target.ORT, Precision.FP32);
        var bundle = folder.resolve(target.name());
        var json = JsonNodeFactory.instance.objectNode();
        BundleWriter.write(BundleBuilder.build(recipe, json, SmallVit.CLASSES, target, parts), bundle);
        var program = Program.open(on, bundle);
        program.initialize();
        return program;
    }

    @Test
    void batchCopiedAheadIsNotSeenByTheStepBefore() throws IOException {
        try (var program = mlp();
                var arena = Arena.ofConfined();
                var x = new HostFeed(program, "x")) {
            var even = arena.allocateFrom(JAVA_FLOAT, Batches.x(0));
            var odd = arena.allocateFrom(JAVA_FLOAT, Batches.x(1));
            program.input("t").setFloats(Batches.t(0));
            program.input("lr").setFloats(0f);
            x.set(even);
            program.step();
            var first = program.metric("loss");
            x.ahead(odd);
            program.step();
            assertEquals(first, program.metric("loss"));
            x.set(odd);
            program.step();
            var second = program.metric("loss");
            assertTrue(Math.abs(second - first) > 1e-6, "%f and %f".formatted(first, second));
            x.set(even);
            program.step();
            assertEquals(first, program.metric("loss"));
            assertEquals(3, memory.calls.stream().filter("copy beside"::equals).count());
        }
    }

    @Test
    void evaluationReadsAndGivesHostMemory() throws IOException {
        try (var program = mlp();
                var x = engine.allocateOnHost("x", DType.FLOAT32, 2, MlpBundle.IN);
                var outputs = program.evaluation().run(Map.of("x", x))) {
            assertTrue(outputs.first().onHost());
            assertEquals(List.of(2L, 1L), outputs.first().shape());
        }
    }

    @Test
    void theDeviceEndsEachGraph() throws IOException {
        var program = mlp();
        Batches.step(program, 0);
        memory.calls.clear();
        program.close();
        // each of the two graphs of a step
        assertEquals(2, memory.calls.stream().filter("end"::equals).count());
    }

    @Test
    void fullMemoryIsToldWithWhatIsFree() {
        var message = assertThrows(DeviceMemoryException.class, () -> engine.allocate("big", DType.FLOAT32, 1L << 30))
                .getMessage();
        assertTrue(message.contains("big needs 4.29 GB more, 1.07 GB of 1.07 GB are free"), message);
    }
}
