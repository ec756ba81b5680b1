package dev.lejepa.graphs.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlopsTest {
    private final Graph graph = new Graph("test");

    @Test
    void productTakesTwoOperationsForEachMultiplication() {
        var a = graph.input("a", Type.f32(8, 5, 6));
        var b = graph.input("b", Type.f32(8, 7, 6));
        assertEquals(2 * 8 * 5 * 6 * 7, Flops.of(a.matmul(b, false, true, 0.5).node()));
        var m = graph.input("m", Type.f32(6, 5));
        var n = graph.input("n", Type.f32(6, 7));
        assertEquals(2 * 5 * 6 * 7, Flops.of(m.gemm(n, true, false).node()));
    }

    @Test
    void backwardOfALinearLayerTakesTwiceItsForward() {
        var x = graph.input("x", Type.f32(8, 6));
        var w = graph.input("w", Type.f32(6, 7));
        var dy = graph.input("dy", Type.f32(8, 7));
        var y = x.gemm(w, false, false);
        graph.output("y", y);
        var forward = Flops.of(graph);
        var gradients = Autodiff.pullback(Map.of(y, dy), List.of(x, w));
        graph.output("dx", gradients.get(0));
        graph.output("dw", gradients.get(1));
        assertEquals(3 * forward, Flops.of(graph));
    }

    @Test
    void nodesThatNoOutputNeedsAreNotCounted() {
        var x = graph.input("x", Type.f32(8, 6));
        x.exp();
        graph.output("y", x.reshape(48).add(1));
        assertEquals(48, Flops.of(graph));
    }
}
