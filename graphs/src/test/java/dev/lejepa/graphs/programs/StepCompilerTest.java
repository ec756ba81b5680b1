package dev.lejepa.graphs.programs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepCompilerTest {
    @Test
    void layersWithoutAKernelArePartOfFormulasOnACudaDevice() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(12, 8));
        var rows = new Type[] {Type.f32(8), Type.f32(8), Type.f32(8), Type.f32(8)};
        var vectors = List.of("scale", "bias", "mean", "var").stream()
                .map(label -> g.input(label, rows[0]))
                .toList();
        var y = g.apply(
                new Norm.BatchNorm(1, 1e-5, 0.1), x, vectors.get(0), vectors.get(1), vectors.get(2), vectors.get(3));
        y.forEach(v -> g.output("y" + v.index(), v));
        var dx = g.apply(new Norm.BatchNormGrad(1), x.sin(), x, vectors.get(0), y.get(3), y.get(4));
        dx.forEach(v -> g.output("dx" + v.index(), v));
        var e = g.apply(new Statistic.Ecf(5, 0.25), x.reshape(2, 6, 8));
        e.forEach(v -> g.output("e" + v.index(), v));
        g.output(
                "de",
                g.apply(new Statistic.EcfGrad(5, 0.25), e.get(0).sin(), e.get(1).cos(), x.reshape(2, 6, 8))
                        .getFirst());
        var fused = StepCompiler.fused(g, Target.CUDA);
        assertEquals(0, count(fused, Norm.class) + count(fused, Statistic.class));
        assertTrue(count(fused, Rewritten.Rows.class) > 0);
        assertSameResults(g, fused);
    }

    @Test
    void theMeansOfAllKnotsAreTakenAtOnceOnACudaDevice() {
        var g = new Graph("g");
        var x = g.input("x", new Type(DType.BFLOAT16, Shape.of(2, 6, 8))).cast(DType.FLOAT32);
        g.apply(new Statistic.Ecf(17, 0.1875), x).forEach(v -> g.output("e" + v.index(), v.square()));
        var fused = StepCompiler.fused(g, Target.CUDA);
        assertEquals(2, count(fused, Reduction.class));
        assertEquals(0, count(fused, Movement.Concat.class) + count(fused, Elementwise.Cast.class));
        assertEquals(4, count(fused, Rewritten.Rows.class)); // functions of each kind, means with what reads them
        assertSameResults(g, fused);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatLiesBetweenConvolutionsReadsMapsOnceForSumsAndOnceForResults(boolean relu) {
        var g = new Graph("g");
        var maps = new Type(DType.BFLOAT16, Shape.of(3, 4, 5, 8));
        var x = g.input("x", maps);
        var row = Type.f32(8);
        var scale = g.input("scale", row);
        var bias = g.input("bias", row);
        var norm = new Norm.BatchNorm(3, 1e-5, 0.1).withRelu(relu);
        var y = g.apply(norm, x, scale, bias, g.input("mean", row), g.input("var", row));
        y.forEach(v -> g.output("y" + v.index(), v));
        var operands = new ArrayList<>(List.of(g.input("dy", maps), x, scale, y.get(3), y.get(4)));
        if (relu) {
            operands.add(bias);
        }
        var gradient = new Norm.BatchNormGrad(3).withRelu(relu);
        g.apply(gradient, operands).forEach(v -> g.output("dx" + v.index(), v));
        var fused = StepCompiler.fused(g, Target.CUDA);
        assertEquals(0, count(fused, Norm.class) + count(fused, Reduction.class) + count(fused, Elementwise.class));
        // sums, statistics of channels, the result; sums, the gradient
        assertEquals(5, count(fused, Rewritten.Rows.class));
        assertSameResults(g, fused);
    }

    @Test
    void activationsOfNarrowMapsArePartOfFormulasOnACudaDevice() {
        var g = new Graph("g");
        var maps = new Type(DType.BFLOAT16, Shape.of(2, 3, 4, 8));
        var x = g.input("x", maps);
        var dy = g.input("dy", maps);
        for (var f : List.of(
                UnaryFunction.RELU,
                UnaryFunction.SIGMOID,
                UnaryFunction.SILU,
                UnaryFunction.HARD_SIGMOID,
                UnaryFunction.HARD_SWISH)) {
            var y = x.apply(f);
            g.output(f.label(), y);
            var read = f.gradReadsResult() ? y : x;
            g.output(
                    f.label() + "Grad",
                    g.apply(new Elementwise.UnaryGrad(f), dy, read).getFirst());
        }
        g.output("sum", g.apply(new Activation.AddRelu(), x, dy).getFirst());
        var fused = StepCompiler.fused(g, Target.CUDA);
        assertEquals(0, count(fused, Elementwise.UnaryGrad.class) + count(fused, Activation.class));
        assertSameResults(g, fused);
    }

    private static long count(Graph g, Class<?> op) {
        return g.nodes().stream().filter(n -> op.isInstance(n.op())).count();
    }

    /// Both compute in double precision; some factors of a formula are constants of float32.
    private static void assertSameResults(Graph graph, Graph fused) {
        var feeds = new HashMap<String, NdArray>();
        var random = new Random(5);
        graph.inputs()
                .forEach((label, v) -> feeds.put(
                        label,
                        NdArray.of(
                                v.shape(),
                                random.doubles(v.shape().size(), 0.5, 2)
                                        .map(d -> v.type().dtype() == DType.INT64 ? 3 : d)
                                        .toArray())));
        var expected = Interpreter.evaluate(graph, feeds);
        var found = Interpreter.evaluate(fused, feeds);
        expected.forEach(
                (label, e) -> assertArrayEquals(e.data(), found.get(label).data(), 1e-6, label));
    }
}
