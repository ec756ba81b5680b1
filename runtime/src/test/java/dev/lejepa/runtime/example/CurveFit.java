package dev.lejepa.runtime.example;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.graphs.programs.TrainedGroup;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.runtime.ort.OrtEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The example of README and Javadoc: a network of two layers learns a curve from points on it.
final class CurveFit {
    private CurveFit() {}

    // @start region=example :
    static float fit(float[] points, float[] values, Path folder) throws IOException {
        var graph = new Graph("train");
        var declared = new Declarations(graph);
        var scope = Scope.root(declared, Mode.TRAIN);
        var x = graph.input("x", Type.f32(points.length, 1));
        var y = graph.input("y", Type.f32(points.length, 1));
        var hidden = Linear.torch(1, 32).forward(scope.at("hidden"), x).gelu(); // [points, 32]
        var curve = Linear.torch(32, 1).forward(scope.at("out"), hidden);
        var loss = curve.sub(y).square().mean();
        graph.output("loss", loss);
        var train = TrainGraph.differentiate(declared, loss); // appends the backward pass
        var adamW = TrainedGroup.adamW("all", declared.parameters(), 0.01, 0);
        BundleWriter.write(
                BundleBuilder.build(train, List.of(adamW), Optional.empty(), Optional.empty(), Target.ORT, 0), folder);

        try (var engine = OrtEngine.open("cpu", EngineOptions.of(2));
                var program = Program.open(engine, folder)) {
            program.initialize();
            program.input("lr.all").setFloats(0.01f);
            program.input("x").setFloats(points); // where there are more points: others before each step
            program.input("y").setFloats(values);
            for (var step = 0; step < 500; step++) {
                program.step(); // forward, backward, AdamW; parameters and moments stay on the device
            }
            return program.metric("loss");
        }
    }
    // @end
}
