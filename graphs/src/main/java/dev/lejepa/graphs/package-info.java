/// The compiler for training graphs: models are described once as values in a typed graph, differentiated, lowered to
/// ONNX for a target and written as a bundle that any ONNX Runtime can run. Nothing here executes a graph on a device;
/// the engine of `lejepa-runtime` does.
///
/// From a network to its training: a [dev.lejepa.graphs.ir.Graph] with layers of [dev.lejepa.graphs.nn], its backward
/// pass by [dev.lejepa.graphs.autodiff.Autodiff], and with an optimizer's graph beside it a
/// [dev.lejepa.graphs.programs.Bundle], which the engine opens as a program:
///
/// {@snippet file="dev/lejepa/runtime/example/CurveFit.java" region="example" :
/// static float fit(float[] points, float[] values, Path folder) throws IOException {
///     var graph = new Graph("train");
///     var declared = new Declarations(graph);
///     var scope = Scope.root(declared, Mode.TRAIN);
///     var x = graph.input("x", Type.f32(points.length, 1));
///     var y = graph.input("y", Type.f32(points.length, 1));
///     var hidden = Linear.torch(1, 32).forward(scope.at("hidden"), x).gelu(); // [points, 32]
///     var curve = Linear.torch(32, 1).forward(scope.at("out"), hidden);
///     var loss = curve.sub(y).square().mean();
///     graph.output("loss", loss);
///     var train = TrainGraph.differentiate(declared, loss); // appends the backward pass
///     var adamW = TrainedGroup.adamW("all", declared.parameters(), 0.01, 0);
///     BundleWriter.write(
///             BundleBuilder.build(train, List.of(adamW), Optional.empty(), Optional.empty(), Target.ORT, 0), folder);
///
///     try (var engine = OrtEngine.open("cpu", EngineOptions.of(2));
///             var program = Program.open(engine, folder)) {
///         program.initialize();
///         program.input("lr.all").setFloats(0.01f);
///         program.input("x").setFloats(points); // where there are more points: others before each step
///         program.input("y").setFloats(values);
///         for (var step = 0; step < 500; step++) {
///             program.step(); // forward, backward, AdamW; parameters and moments stay on the device
///         }
///         return program.metric("loss");
///     }
/// }
/// }
@NullMarked
package dev.lejepa.graphs;

import org.jspecify.annotations.NullMarked;
