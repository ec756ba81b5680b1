package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import dev.lejepa.graphs.passes.UpdateFusion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// Optimizers whose updates one kernel computes.
final class UpdateCases {
    private UpdateCases() {}

    /// Sizes around vectors and the pieces that blocks take, and some at random, in groups at random.
    static Graph random(long seed) {
        var random = new Random(seed);
        var sizes = IntStream.concat(
                        IntStream.of(1, 3, 4, 5, 16_383, 16_384, 16_385, 40_003),
                        random.ints(random.nextInt(1, 20), 1, 3000))
                .toArray();
        var names = new HashMap<Boolean, LinkedHashMap<String, Type>>();
        var copied = new HashSet<String>();
        var narrow = new HashSet<String>();
        names.put(true, new LinkedHashMap<>(Map.of("w", Type.f32(7))));
        for (var i = 0; i < sizes.length; i++) {
            var name = "w" + i;
            names.computeIfAbsent(random.nextInt(3) == 0, _ -> new LinkedHashMap<>())
                    .put(name, Type.f32(sizes[i]));
            if (random.nextBoolean()) {
                copied.add(name);
            }
            if (random.nextBoolean()) {
                narrow.add(name);
            }
        }
        var groups = List.of(
                new ParameterGroup("decayed", names.get(false), 0.05, 0.9, 0.999, 1e-8),
                new ParameterGroup("others", names.get(true), 0, 0.8, 0.95 + 0.04 * random.nextDouble(), 1e-6));
        return UpdateFusion.apply(
                AdamWGraph.build(groups, copied, narrow, false).graph());
    }

    /// A ViT's: matrices with gradients and copies in bfloat16, biases and norms without.
    static Graph ofBlocks(long width, int blocks) {
        var matrices = new LinkedHashMap<String, Type>();
        var others = new LinkedHashMap<String, Type>();
        for (var i = 0; i < blocks; i++) {
            matrices.put("qkv" + i, Type.f32(3 * width, width));
            matrices.put("proj" + i, Type.f32(width, width));
            matrices.put("fc1" + i, Type.f32(4 * width, width));
            matrices.put("fc2" + i, Type.f32(width, 4 * width));
            others.put("qkv.bias" + i, Type.f32(3 * width));
            others.put("fc1.bias" + i, Type.f32(4 * width));
            for (var name : List.of("proj.bias", "fc2.bias", "norm1", "norm1.bias", "norm2", "norm2.bias")) {
                others.put(name + i, Type.f32(width));
            }
        }
        var groups = List.of(
                new ParameterGroup("decayed", matrices, 0.05, 0.9, 0.999, 1e-8),
                new ParameterGroup("others", others, 0, 0.9, 0.999, 1e-8));
        return UpdateFusion.apply(AdamWGraph.build(groups, matrices.keySet(), matrices.keySet(), false)
                .graph());
    }

    static UpdateFormula formula(Graph graph) {
        return DeviceFormulas.in(
                        "optimizer.onnx",
                        Lowering.lower(graph, Target.CUDA, Map.of()).proto())
                .updates()
                .getFirst();
    }

    static List<Value> operands(Graph graph) {
        return graph.nodes().stream()
                .filter(n -> n.op() instanceof Rewritten.Updates)
                .findFirst()
                .orElseThrow()
                .inputs();
    }
}
