package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateFusionTest {
    private static Graph optimizer() {
        var decayed = new LinkedHashMap<String, Type>();
        decayed.put("weight", Type.f32(6, 8));
        decayed.put("patches", Type.f32(4, 3, 5, 5));
        var others = new LinkedHashMap<String, Type>();
        others.put("bias", Type.f32(7));
        return AdamWGraph.build(
                        List.of(
                                new ParameterGroup("decayed", decayed, 0.05, 0.9, 0.999, 1e-8),
                                new ParameterGroup("others", others, 0, 0.9, 0.999, 1e-8)),
                        Set.of("weight"),
                        Set.of("weight"),
                        false)
                .graph();
    }

    @Test
    void allUpdatesAreOneNodeWithTheSameResults() {
        var graph = optimizer();
        var fused = UpdateFusion.apply(graph);
        assertEquals(1, count(fused, Rewritten.Updates.class));
        assertEquals(0, count(fused, Optimizer.AdamW.class));
        assertEquals(
                List.copyOf(graph.inputs().keySet()), List.copyOf(fused.inputs().keySet()));
        var random = new Random(3);
        var fed = new HashMap<String, NdArray>();
        graph.inputs().forEach((label, v) -> {
            var values = random.doubles(v.shape().size(), 0.1, 1).toArray();
            fed.put(label, NdArray.of(v.shape(), label.equals("step") ? new double[] {4} : values));
        });
        var expected = Interpreter.evaluate(graph, fed);
        var found = Interpreter.evaluate(fused, fed);
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((label, values) ->
                assertArrayEquals(values.data(), found.get(label).data(), label));
    }

    @Test
    void anEngineReadsThemBack() {
        var model = Lowering.lower(UpdateFusion.apply(optimizer()), Target.CUDA, Map.of())
                .proto();
        assertTrue(model.getFunctionsList().stream().anyMatch(f -> f.getName().equals("AdamW")), "what it is made of");
        var updates = DeviceFormulas.in("optimizer.onnx", model).updates().getFirst();
        assertEquals(3, updates.updates().size());
        assertEquals(10, updates.results().size());
        assertEquals(
                List.of(true, false, false),
                updates.updates().stream().map(UpdateFormula.Update::copied).toList());
        assertEquals(
                List.of(0, 4, 7),
                updates.updates().stream()
                        .map(UpdateFormula.Update::firstResult)
                        .toList());
        var first = updates.updates().getFirst();
        assertEquals(DType.BFLOAT16, updates.inputs().get(first.gradient()));
        assertEquals(DType.INT64, updates.inputs().get(first.settings().step()));
        assertEquals(DType.BFLOAT16, updates.results().get(3));
        assertEquals(0.05f, (float) first.settings().weightDecay());
        assertEquals(0, updates.updates().getLast().settings().weightDecay());
        assertEquals(
                1, updates.inputs().stream().filter(t -> t == DType.BFLOAT16).count());
    }

    @Test
    void aDamagedFunctionIsRefused() {
        var model = Lowering.lower(UpdateFusion.apply(optimizer()), Target.CUDA, Map.of())
                .proto();
        var damaged = ModelProto.newBuilder();
        model.getFunctionsList().stream()
                .filter(f -> f.getName().startsWith("Updates_"))
                .forEach(f -> damaged.addFunctions(f.toBuilder().setOutput(1, "elsewhere")));
        var thrown = assertThrows(
                BadInputException.class,
                () -> DeviceFormulas.in("file.onnx", damaged.build()).updates());
        assertTrue(thrown.getMessage().startsWith("file.onnx: function Updates_0 is damaged: "), thrown.getMessage());
    }

    private static long count(Graph graph, Class<?> op) {
        return graph.nodes().stream().filter(n -> op.isInstance(n.op())).count();
    }
}
