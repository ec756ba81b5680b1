package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import org.junit.jupiter.api.Test;

class NarrowGradientsTest {
    @Test
    void onlyProductsThatAreGradientsAloneStayNarrow() {
        var g = new Graph("train");
        var half = new Type(DType.BFLOAT16, Shape.of(8, 4));
        var dy = g.input("dy", half);
        var x = g.input("x", half);
        g.output("grad/w", dy.gemm(x, true, false, DType.FLOAT32).reshape(2, 2, 4));
        var read = dy.gemm(x, true, false, DType.FLOAT32);
        g.output("grad/read", read);
        g.output("norm", read.square().mean());
        g.output("metric", x.gemm(dy, true, false, DType.FLOAT32));
        g.output("grad/wide", x.cast(DType.FLOAT32).gemm(dy.cast(DType.FLOAT32), true, false));
        var narrow = NarrowGradients.apply(g, name -> name.startsWith("grad/"));
        var types = narrow.outputs();
        assertEquals(DType.BFLOAT16, types.get("grad/w").type().dtype());
        assertEquals(Shape.of(2, 2, 4), types.get("grad/w").shape());
        assertEquals(DType.FLOAT32, types.get("grad/read").type().dtype(), "somebody else reads it");
        assertEquals(DType.FLOAT32, types.get("metric").type().dtype(), "no gradient");
        assertEquals(DType.FLOAT32, types.get("grad/wide").type().dtype(), "a product of float32");
    }
}
