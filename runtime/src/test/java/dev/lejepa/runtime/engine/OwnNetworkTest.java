package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.TrainedGroup;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
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
        BundleWriter.write(BundleBuilder.build(train, groups, evaluate, target, 0), folder);
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
