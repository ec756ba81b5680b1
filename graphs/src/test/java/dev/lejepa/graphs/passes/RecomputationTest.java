package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.Liveness;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecomputationTest {
    private static final int LAYERS = 4;

    /// Layers `x + gelu(x W) V`, wide inside, and the gradients of their weights.
    private static Graph layers() {
        var g = new Graph("layers");
        var x = g.input("x", Type.f32(16, 8)).mul(0.5); // what enters a layer was computed
        for (var i = 0; i < LAYERS; i++) {
            var w = g.input("w" + i, Type.f32(8, 64));
            var v = g.input("v" + i, Type.f32(64, 8));
            var entering = x;
            x = g.at(
                    "layer." + i,
                    "",
                    () -> entering.add(entering.matmul(w).gelu().matmul(v)));
        }
        var loss = x.square().mean();
        g.output("loss", loss);
        var weights = g.inputs().keySet().stream().filter(n -> !n.equals("x")).toList();
        var gradients =
                Autodiff.gradients(loss, weights.stream().map(g.inputs()::get).toList());
        for (var i = 0; i < weights.size(); i++) {
            g.output("grad/" + weights.get(i), gradients.get(i));
        }
        return simplified(g);
    }

    private static Graph recomputed(Graph g) {
        return Recomputation.apply(
                g, scope -> scope.startsWith("layer.") ? Optional.of(scope.substring(0, 7)) : Optional.empty());
    }

    private static Graph simplified(Graph g) {
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(g)));
    }

    @Test
    void gradientsKeepEveryBit() {
        var plain = layers();
        var feeds = feeds(plain);
        var expected = Interpreter.evaluate(plain, feeds);
        var found = Interpreter.evaluate(recomputed(plain), feeds);
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(found.keySet()));
        expected.forEach(
                (name, y) -> assertArrayEquals(y.data(), found.get(name).data(), name));
    }

    /// All wide results of one layer are alive at a time instead of those of four.
    @Test
    void theInsideOfALayerIsNotKept() {
        var plain = Liveness.peakBytes(layers(), 1);
        var again = Liveness.peakBytes(recomputed(layers()), 1);
        assertTrue(again < 0.6 * plain, "%d bytes, of %d without".formatted(again, plain));
    }

    @Test
    void onlyTheInsideIsComputedTwice() {
        var plain = layers();
        var again = recomputed(plain);
        // x W and GELU of each layer
        assertEquals(2 * LAYERS, nodes(again) - nodes(plain) - count(again, Rewritten.Barrier.class));
        assertEquals(LAYERS, count(again, Rewritten.Barrier.class));
        assertTrue(Flops.of(again) < 4.0 / 3 * Flops.of(plain));
    }

    @Test
    void noOtherPassTakesTheSecondComputationForTheFirst() {
        var again = recomputed(layers());
        assertEquals(nodes(again), nodes(simplified(again)));
    }

    @Test
    void withoutLayersNothingChanges() {
        var plain = layers();
        assertEquals(
                plain.toString(),
                Recomputation.apply(plain, _ -> Optional.empty()).toString());
    }

    private static long nodes(Graph g) {
        return g.nodes().stream()
                .filter(n -> !(n.op() instanceof Leaf.Constant))
                .count();
    }

    private static long count(Graph g, Class<? extends Op> op) {
        return g.nodes().stream().filter(n -> op.isInstance(n.op())).count();
    }

    private static Map<String, NdArray> feeds(Graph g) {
        var random = new Random(7);
        var feeds = new HashMap<String, NdArray>();
        g.inputs().forEach((name, v) -> {
            var data = new double[Math.toIntExact(v.shape().size())];
            Arrays.setAll(data, _ -> random.nextGaussian());
            feeds.put(name, NdArray.of(v.shape(), data));
        });
        return feeds;
    }
}
