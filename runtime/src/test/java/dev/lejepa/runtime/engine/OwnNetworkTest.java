package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.BatchNorm1d;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.EncoderGraph;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.TrainedGroup;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnNetworkTest {
    private static final int ROWS = 4;

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(2).withSpin(false));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Value network(Scope s, Value x) {
        return Linear.torch(2, 1).forward(s.at("out"), new BatchNorm1d(2).forward(s.at("norm"), x));
    }

    private static TrainGraph train() {
        var graph = new Graph("train");
        var declared = new Declarations(graph);
        var y = network(Scope.root(declared, Mode.TRAIN), graph.input("x", Type.f32(ROWS, 2)));
        var loss = y.sub(graph.input("y", Type.f32(ROWS, 1))).square().mean();
        graph.output("loss", loss);
        return TrainGraph.differentiate(declared, loss);
    }

    private static EvaluateGraph.Built evaluate() {
        var graph = new Graph("evaluate");
        var declared = new Declarations(graph);
        var x = graph.input("x", Type.f32(Shape.batched(1, 2)));
        graph.output("y", network(Scope.root(declared, Mode.EVALUATE), x));
        return new EvaluateGraph.Built(graph, declared);
    }

    private Program program(Optional<EvaluateGraph.Built> evaluate, Target target) throws IOException {
        var train = train();
        var groups = List.of(TrainedGroup.adamW("all", train.declarations().parameters(), 0.05, 0));
        BundleWriter.write(BundleBuilder.build(train, groups, evaluate, Optional.empty(), target, 0), folder);
        var program = Program.open(engine, folder);
        program.initialize();
        return program;
    }

    /// `y = x1 - 2 x2` over the corners of a square: inputs have mean 1 and variance 1, or 4/3 as torch's running
    /// variance has it, so evaluation falls short of -1 + 4 by that root.
    @ParameterizedTest
    @EnumSource(names = {"PORTABLE", "ORT"})
    void evaluationAfterTrainingIsOfTheTrainedParametersAndStatistics(Target target) throws IOException {
        try (var program = program(Optional.of(evaluate()), target);
                var x = engine.allocate("x", DType.FLOAT32, 1, 2)) {
            program.input("lr.all").setFloats(0.05f);
            program.input("x").setFloats(2, 2, 0, 2, 2, 0, 0, 0);
            program.input("y").setFloats(-2, -4, 2, 0);
            for (var step = 0; step < 400; step++) {
                program.step();
            }
            x.setFloats(1, -1);
            try (var outputs = program.evaluation().run(Map.of("x", x))) {
                assertArrayEquals(
                        new float[] {(float) (-1 + 4 * Math.sqrt(0.75))},
                        outputs.get("y").toFloats(),
                        0.05f);
            }
        }
    }

    /// What is exported is the encoder of the states as they are, for any number of rows or for a fixed one.
    @Test
    void encoderIsExportedWithTheTrainedParametersInside() throws IOException {
        var train = train();
        var groups = List.of(TrainedGroup.adamW("all", train.declarations().parameters(), 0.05, 0));
        var encoder = Optional.of(new EncoderGraph(evaluate(), Map.of("model", "curve")));
        BundleWriter.write(BundleBuilder.build(train, groups, Optional.of(evaluate()), encoder, Target.ORT, 0), folder);
        var file = folder.resolve("out.onnx");
        try (var program = Program.open(engine, folder);
                var x = engine.allocate("x", DType.FLOAT32, 3, 2)) {
            program.initialize();
            program.input("lr.all").setFloats(0.05f);
            program.input("x").setFloats(2, 2, 0, 2, 2, 0, 0, 0);
            program.input("y").setFloats(-2, -4, 2, 0);
            program.step();
            x.setFloats(1, -1, 0, 2, 3, 5);
            program.bundle().encoder().write(name -> program.states().get(name).segment(), file);
            program.bundle()
                    .encoder()
                    .withBatch(3)
                    .write(name -> program.states().get(name).segment(), three());
            try (var expected = program.evaluation().run(Map.of("x", x));
                    var exported = engine.load(file);
                    var outputs = exported.run(Map.of("x", x));
                    var fixed = engine.load(three())) {
                assertEquals(List.of(-1L, 2L), exported.input("x").shape());
                assertEquals(List.of(3L, 2L), fixed.input("x").shape());
                assertEquals(List.of(3L, 1L), fixed.output("y").shape());
                assertEquals(Optional.of("curve"), exported.metadata("model"));
                assertArrayEquals(expected.get("y").toFloats(), outputs.get("y").toFloats(), 1e-6f);
            }
        }
    }

    private Path three() {
        return folder.resolve("three.onnx");
    }

    @Test
    void aParameterOfAnotherSizeIsRefusedByName() throws IOException {
        var train = train();
        var groups = List.of(TrainedGroup.adamW("all", train.declarations().parameters(), 0.05, 0));
        var encoder = Optional.of(new EncoderGraph(evaluate(), Map.of()));
        BundleWriter.write(BundleBuilder.build(train, groups, Optional.empty(), encoder, Target.ORT, 0), folder);
        var file = BundleFolder.read(folder).encoder();
        var e = assertThrows(
                BadInputException.class,
                () -> file.write(_ -> MemorySegment.ofArray(new byte[2]), folder.resolve("out.onnx")));
        assertTrue(e.getMessage().contains("has 2 bytes where the encoder's graph reads"), e.getMessage());
    }

    @Test
    void askingForAnEncoderThatTheBundleHasNotSaysSo() throws IOException {
        try (var program = program(Optional.empty(), Target.ORT)) {
            var e = assertThrows(BadInputException.class, () -> program.bundle().encoder());
            assertEquals(
                    folder.resolve("manifest.json") + ": encoder is missing, so there is no graph to export",
                    e.getMessage());
        }
    }

    @Test
    void askingForAnEvaluationThatTheBundleHasNotSaysSo() throws IOException {
        try (var program = program(Optional.empty(), Target.ORT)) {
            var e = assertThrows(BadInputException.class, program::evaluation);
            assertEquals(
                    folder.resolve("manifest.json") + ": evaluate is missing; this bundle can only train",
                    e.getMessage());
        }
    }
}
