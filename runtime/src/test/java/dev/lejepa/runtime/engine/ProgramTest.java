package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.runtime.fixtures.Batches;
import dev.lejepa.runtime.fixtures.MlpBundle;
import dev.lejepa.runtime.fixtures.MlpReference;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
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

    private Program program() throws IOException {
        var program = Program.open(engine, MlpBundle.write(folder.resolve("bundle")));
        program.initialize();
        return program;
    }

    @Test
    void mlpTrainsAsPlainJavaDoes() throws IOException {
        var reference = new MlpReference();
        try (var program = program()) {
            for (var s = 0; s < 50; s++) {
                var expected = reference.step(Batches.x(s), Batches.t(s), Batches.lr(s));
                // float32 against double: rounding of some dozen operations, and it accumulates over 50 steps
                assertEquals(expected, Batches.step(program, s), 2e-5 * (1 + expected), "loss of step " + s);
            }
            for (var p : MlpBundle.PARAMETERS) {
                var expected = reference.parameter(p);
                var actual = program.states().get(p).toFloats();
                for (var i = 0; i < actual.length; i++) {
                    assertEquals(expected[i], actual[i], 2e-5, p + "[" + i + "]");
                }
            }
            assertArrayEquals(new long[] {50}, program.states().get("step").toLongs());
        }
    }

    @Test
    void statesChangeWhereTheyLie() throws IOException {
        try (var program = program()) {
            var address = program.states().get("w1").segment().address();
            var before = program.states().get("w1").toFloats();
            Batches.step(program, 0);
            assertEquals(address, program.states().get("w1").segment().address());
            assertNotEquals(before[0], program.states().get("w1").toFloats()[0]);
            assertNotEquals(0f, program.states().get("grad/w2").toFloats()[0]);
            assertNotEquals(0f, program.states().get("moment1/w2").toFloats()[0]);
        }
    }

    @Test
    void twoRunsGiveTheSameBits() throws IOException {
        var runs = new ArrayList<float[]>();
        for (var r = 0; r < 2; r++) {
            try (var program = program()) {
                for (var s = 0; s < 10; s++) {
                    Batches.step(program, s);
                }
                runs.add(program.states().get("w1").toFloats());
            }
        }
        assertArrayEquals(runs.get(0), runs.get(1));
    }

    @Test
    void stepReadsTheTensorThatIsBoundNow() throws IOException {
        try (var program = program();
                var even = program.newInput("x");
                var odd = program.newInput("x")) {
            program.input("t").setFloats(Batches.t(0));
            program.input("lr").setFloats(0f);
            even.setFloats(Batches.x(0));
            odd.setFloats(Batches.x(1));
            var losses = new ArrayList<Float>();
            for (var x : List.of(even, odd, even)) {
                program.bind("x", x);
                program.step();
                losses.add(program.metric("loss"));
            }
            assertEquals(losses.get(0), losses.get(2));
            assertNotEquals(losses.get(0), losses.get(1));
        }
    }

    @Test
    void evaluationReadsTheParametersOfTheStep() throws IOException {
        try (var program = program();
                var x = engine.allocate("x", DType.FLOAT32, 2, MlpBundle.IN)) {
            x.setFloats(1, 2, 3, -1, 0, 1);
            var initial = evaluate(program, x);
            Batches.step(program, 0);
            assertNotEquals(initial[0], evaluate(program, x)[0]);
            program.initialize();
            assertArrayEquals(initial, evaluate(program, x));
        }
    }

    private static float[] evaluate(Program program, DeviceTensor x) {
        try (var outputs = program.evaluation().run(Map.of("x", x))) {
            assertEquals(List.of(2L, 1L), outputs.get("y").shape());
            return outputs.get("y").toFloats();
        }
    }

    @Test
    void initializingClearsMomentsAndStep() throws IOException {
        try (var program = program()) {
            Batches.step(program, 0);
            program.initialize();
            assertArrayEquals(
                    new float[MlpBundle.HIDDEN],
                    program.states().get("moment2/b1").toFloats());
            assertArrayEquals(new long[] {0}, program.states().get("step").toLongs());
            assertArrayEquals(
                    MlpBundle.initial("w1"), program.states().get("w1").toFloats());
        }
    }

    @Test
    void stepWithoutAnInputNamesGraphAndInput() throws IOException {
        try (var program = program()) {
            program.input("x");
            var e = assertThrows(EngineException.class, program::step);
            assertEquals("train.onnx: nothing is tied to [t]", e.getMessage());
        }
    }

    @Test
    void boundTensorOfAnotherShapeIsNamed() throws IOException {
        try (var program = program();
                var wrong = engine.allocate("batch", DType.FLOAT32, 4, 3)) {
            var e = assertThrows(EngineException.class, () -> program.bind("x", wrong));
            assertEquals(
                    "train.onnx: input 'x' is float32 [8, 3], but tensor 'batch' is float32 [4, 3]", e.getMessage());
        }
    }

    @Test
    void folderWithoutManifestIsRefused() {
        var e = assertThrows(BadInputException.class, () -> Program.open(engine, folder));
        assertEquals(folder + " is no bundle: it has no manifest.json", e.getMessage());
    }

    @Test
    void manifestThatDisagreesWithItsGraphIsRefusedWithAllDifferences() throws IOException {
        var bundle = MlpBundle.write(folder.resolve("bundle"));
        var m = MlpBundle.manifest();
        var train = m.stages().getFirst();
        var inputs = new ArrayList<>(train.inputs());
        inputs.removeLast();
        inputs.add(new StageInput.State("ghost", "ghost", "float32", List.of()));
        var stage = new Manifest.Stage(train.name(), train.graph(), inputs, train.outputs());
        MlpBundle.writeManifest(bundle, with(m, List.of(stage), m.microBatches()));
        var e = assertThrows(BadInputException.class, () -> Program.open(engine, bundle));
        for (var part :
                List.of("stage 'train' (train.onnx)", "'ghost' that the graph lacks", "'t' that the manifest lacks")) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    private static Manifest with(Manifest m, List<Manifest.Stage> stages, Manifest.MicroBatches microBatches) {
        return new Manifest(
                m.format(),
                m.version(),
                m.target(),
                m.device(),
                m.recipe(),
                m.states(),
                m.groups(),
                stages,
                m.evaluate(),
                m.encoder(),
                m.heldOut(),
                m.augment(),
                microBatches);
    }

    @Test
    void microBatchesThatNoStepHasAreRefused() throws IOException {
        var bundle = MlpBundle.write(folder.resolve("bundle"));
        var m = MlpBundle.manifest();
        var train = m.stages().getFirst();
        var part = Manifest.Runs.MICRO_BATCH;
        var cut = new Manifest.Stage("train", train.graph(), part, null, train.inputs(), train.outputs());
        var again = new Manifest.Stage("train", train.graph(), part, "trian", train.inputs(), train.outputs());
        var sum = new StageOutput.State("s", "s", StageOutput.Mode.ACCUMULATE, "float32", List.of());
        var adds = new Manifest.Stage("train", train.graph(), train.inputs(), List.of(sum));
        var two = new Manifest.MicroBatches(2, 4);
        assertRefused(bundle, with(m, m.stages(), new Manifest.MicroBatches(0, 4)), "has a count of 0 and 4 images");
        assertRefused(bundle, with(m, List.of(cut), null), "'train' runs for each micro-batch, and there is no");
        assertRefused(bundle, with(m, List.of(again), two), "'train' repeats 'trian', expected one that runs before");
        assertRefused(bundle, with(m, List.of(adds), two), "'train' accumulates, which only stages do");
    }

    private void assertRefused(Path bundle, Manifest manifest, String expected) throws IOException {
        MlpBundle.writeManifest(bundle, manifest);
        var e = assertThrows(BadInputException.class, () -> Program.open(engine, bundle));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void bundleWithAMissingGraphIsRefusedByItsName() throws IOException {
        var bundle = MlpBundle.write(folder.resolve("bundle"));
        Files.delete(bundle.resolve("optimizer.onnx"));
        var e = assertThrows(BadInputException.class, () -> Program.open(engine, bundle));
        assertEquals(bundle.resolve("optimizer.onnx") + ": no such file", e.getMessage());
    }

    @Test
    void initialValuesThatAreMissingAreNamed() throws IOException {
        var bundle = MlpBundle.write(folder.resolve("bundle"));
        new SafetensorsWriter(Map.of()).write(bundle.resolve("init.safetensors"));
        try (var program = Program.open(engine, bundle)) {
            var e = assertThrows(BadInputException.class, program::initialize);
            assertTrue(
                    e.getMessage().endsWith("3 of 3 tensors do not fit: w1 is missing; b1 is missing; w2 is missing"));
        }
    }
}
