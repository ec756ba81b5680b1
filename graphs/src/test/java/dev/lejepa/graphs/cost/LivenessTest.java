package dev.lejepa.graphs.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long MATRIX = 10 * 10 * 4;

    private final Graph graph = new Graph("test");
    private final Value x = graph.input("x", Type.f32(10, 10));

    @Test
    void elementwiseChainUsesOneTensor() {
        assertPeak(MATRIX, x.exp().neg().sin().exp().sum(false, 0, 1));
    }

    @Test
    void operandsThatAreReadLaterAreKept() {
        var a = x.exp();
        var b = a.sin();
        assertPeak(2 * MATRIX, a.mul(b).sum(false, 0, 1));
    }

    @Test
    void productsNeedMemoryOfTheirOwn() {
        assertPeak(2 * MATRIX, x.exp().matmul(x).sum(false, 0, 1));
    }

    @Test
    void reshapingIsFree() {
        assertPeak(MATRIX, x.exp().reshape(100).reshape(4, 25).exp().sum(false, 0, 1));
    }

    @Test
    void outputsHaveMemoryOfTheirOwn() {
        assertPeak(0, x.exp());
    }

    @Test
    void batchMultipliesBatchedTensors() {
        var images = graph.input("images", new Type(DType.FLOAT32, Shape.batched(1, 5)));
        graph.output("y", images.exp().sum(false, 1));
        assertEquals(7 * 5 * 4, Liveness.peakBytes(graph, 7));
    }

    @Test
    void estimateAddsStatesAndWhatIsFed() {
        var w = graph.input("w", Type.f32(10, 10));
        graph.output("dw", x.exp().matmul(w).exp().matmul(x));
        graph.output("loss", x.mean());
        var estimate = MemoryEstimate.of(1000, List.of(graph), Set.of("w", "dw")::contains, 1);
        assertEquals(new MemoryEstimate(1000, MATRIX + 4, 2 * MATRIX), estimate);
        assertEquals(1000 + 3 * MATRIX + 4, estimate.total());
    }

    private void assertPeak(long expected, Value output) {
        graph.output("y", output);
        // The scalar at the end is the output itself.
        assertEquals(expected, Liveness.peakBytes(graph, 1));
    }
}
