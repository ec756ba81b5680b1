package dev.lejepa.graphs.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerFormulasTest {
    @Test
    void aRowAmongZerosIsAProduct() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2, 1, 3));
        g.output("pad", x.pad(1, 2, 1));
        var formula = LayerFormulas.of(new Movement.Pad(1, 2, 1), List.of(x));
        g.output("formula", formula.orElseThrow().getFirst());
        var found =
                Interpreter.evaluate(g, Map.of("x", NdArray.of(Shape.of(2, 1, 3), new double[] {1, 2, 3, 4, 5, 6})));
        assertEquals(Shape.of(2, 4, 3), found.get("formula").shape());
        assertArrayEquals(found.get("pad").data(), found.get("formula").data());
    }

    @Test
    void severalRowsStayATensor() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2, 2, 3));
        assertEquals(Optional.empty(), LayerFormulas.of(new Movement.Pad(1, 2, 1), List.of(x)));
        var half = g.input("half", Type.f32(2, 1, 3)).cast(DType.BFLOAT16);
        assertEquals(Optional.empty(), LayerFormulas.of(new Movement.Pad(1, 2, 1), List.of(half)));
    }
}
