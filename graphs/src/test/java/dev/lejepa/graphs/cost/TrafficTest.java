package dev.lejepa.graphs.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void everyNodeReadsItsOperandsAndWritesItsResultsButWhatKeepsThem() {
        var g = new Graph("g");
        var bytes = g.input("bytes", new Type(DType.UINT8, Shape.of(2, 6)));
        var w = g.input("w", Type.f32(4, 3));
        var product = bytes.cast(DType.FLOAT32).reshape(3, 4).matmul(w); // [3, 3]
        product.exp(); // nobody asks for it
        g.output("y", product);
        long cast = 12 + 4 * 12;
        long matmul = 4 * (12 + 12 + 9);
        assertEquals(cast + matmul, Traffic.of(g));
    }
}
