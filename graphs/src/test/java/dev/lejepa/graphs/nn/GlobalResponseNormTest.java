package dev.lejepa.graphs.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GlobalResponseNormTest {
    /// Both compute in double precision, but for constants, which are float32 here.
    private static final double TOLERANCE = 1e-11;

    /// Activations make whole channels of an image 0: a norm of 0, whose root alone has no derivative there. The numbers
    /// are those of timm's layer and torch's gradient.
    @Test
    void channelThatIsZeroEverywhereHasAGradient() {
        var graph = new Graph("norm");
        var declared = new Declarations(graph);
        var shape = Shape.of(1, 1, 2, 3);
        var x = graph.input("x", Type.f32(shape));
        var y = new GlobalResponseNorm(3).forward(Scope.root(declared, Mode.TRAIN), x);
        var seed = graph.input("dy", Type.f32(shape));
        var dx = Autodiff.pullback(Map.of(y, seed), List.of(x)).getFirst();
        var fed = Map.of(
                "x", NdArray.of(shape, new double[] {1, 0, 2, 3, 0, -1}),
                "dy", NdArray.of(shape, new double[] {1, 2, 3, 4, 5, 6}),
                "weight", NdArray.of(Shape.of(3), new double[] {1, 2, 3}),
                "bias", NdArray.of(Shape.of(3), new double[] {0, 1, 0}));
        var found = Interpreter.evaluate(graph, fed, List.of(y, dx));
        assertArrayEquals(
                new double[] {2.7573583362713308, 1, 9.455839979313001, 8.272075008813992, 1, -4.727919989656501},
                found.get(0).data(),
                TOLERANCE);
        assertArrayEquals(
                new double[] {3.703657233863714, 2, 10.398569456965948, 13.86833003786247, 5, 30.260115193940784},
                found.get(1).data(),
                TOLERANCE);
    }
}
