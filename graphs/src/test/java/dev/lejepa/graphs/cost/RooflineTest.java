package dev.lejepa.graphs.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import org.junit.jupiter.api.Test;

class RooflineTest {
    private final Graph graph = new Graph("test");

    @Test
    void aNodeTakesItsOperationsOrItsTrafficWhicheverIsLonger() {
        var x = graph.input("x", Type.f32(8, 6));
        var w = graph.input("w", Type.f32(6, 7));
        graph.output("y", x.gemm(w, false, false).exp());
        var product = 2 * 8 * 6 * 7;
        var traffic = 4 * (8 * 6 + 6 * 7 + 8 * 7);
        var exp = 8 * 7;
        assertEquals(product / 2.0 + exp / 0.1, Roofline.seconds(graph, new Speed(2, 0.1, 1e9, 0)), 1e-6);
        assertEquals(traffic + 2 * 4 * exp, Roofline.seconds(graph, new Speed(1e9, 1e9, 1, 0)), 1e-6);
    }

    @Test
    void manySmallNodesTakeAsLongAsTheyTakeToBegin() {
        graph.output("y", graph.input("x", Type.f32(1)).exp().sin().cos());
        assertEquals(9, Roofline.seconds(graph, new Speed(1e9, 1e9, 1e9, 3)));
    }
}
