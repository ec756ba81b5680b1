package dev.lejepa.graphs.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AutodiffTest {
    private final Graph graph = new Graph("test");

    @Test
    void cotangentsOfSeveralUsesAreAdded() {
        Gradients.assertGradient(
                Shape.of(3, 4), x -> x.add(x.exp()).mul(x).sub(x.sin().add(x)));
    }

    @Test
    void deepFormulaHasItsGradient() {
        Gradients.assertGradient(List.of(Shape.of(2, 3, 4), Shape.of(4, 5), Shape.of(5)), x -> x, v -> {
            var hidden = v.get(0).matmul(v.get(1)).add(v.get(2)).gelu();
            return List.of(
                    hidden.softmax().mul(hidden).mean(true, 1),
                    hidden.sub(hidden.mean(true, 0)).square().mean());
        });
    }

    @Test
    void gradientReachesIntermediateValuesAndWhatTheyDependOn() {
        var x = graph.input("x", Type.f32());
        var h = x.square();
        var gradients = evaluate(Autodiff.gradients(h.mul(h), List.of(h, x)), Map.of("x", NdArray.scalar(3)));
        assertEquals(18, gradients.get(0).item());
        assertEquals(108, gradients.get(1).item());
    }

    @Test
    void onlyNodesOnAPathToWantedValuesAreDifferentiated() {
        var images = graph.input("images", Type.f32(8, 6));
        var w = graph.input("w", Type.f32(6, 3));
        var y = images.exp().matmul(w);
        Autodiff.gradients(y.mean(), List.of(w));
        assertEquals(2, count("MatMul"), "one product forward, one for w, none for the images");
        assertEquals(0, count("Mul") - 1, "the factor of the mean alone, nothing of Exp");
    }

    @Test
    void matrixSharedByAllRowsGetsOneProduct() {
        var x = graph.input("x", Type.f32(8, 5, 6));
        var w = graph.input("w", Type.f32(6, 3));
        var dw = Autodiff.gradients(x.matmul(w).mean(), List.of(w)).getFirst();
        assertEquals(Shape.of(40, 6), dw.node().inputs().getFirst().shape());
        assertEquals(0, count("ReduceSum"));
    }

    @Test
    void stopGradientAndSignPassNothing() {
        var x = graph.input("x", Type.f32(2));
        var gradients = Autodiff.gradients(x.stopGradient().mul(x.sign()).mean(), List.of(x));
        assertArrayEquals(
                new double[2], evaluate(gradients, Map.of()).getFirst().data());
    }

    @Test
    void valueThatNothingReachesGetsZerosOfItsType() {
        var x = graph.input("x", Type.f32(2));
        var unused = graph.input("unused", Type.f32(3, 4));
        var gradient = Autodiff.gradients(x.mean(), List.of(x, unused)).get(1);
        assertEquals(unused.type(), gradient.type());
        assertArrayEquals(
                new double[12], evaluate(List.of(gradient), Map.of()).getFirst().data());
    }

    @Test
    void integersAreInactive() {
        var labels = graph.input("labels", Type.i64(3));
        var logits = graph.input("logits", Type.f32(3, 4));
        var loss = graph.apply(new Loss.SoftmaxCrossEntropy(), logits, labels).getFirst();
        assertEquals(
                logits.type(),
                Autodiff.gradients(loss, List.of(logits)).getFirst().type());
        assertThrows(IllegalArgumentException.class, () -> Autodiff.gradients(loss, List.of(labels)));
    }

    @Test
    void runningStatisticsPassNothing() {
        var x = graph.input("x", Type.f32(5, 4));
        var c = graph.input("c", Type.f32(4));
        var results = graph.apply(new Norm.BatchNorm(1e-5, 0.1), x, c, c, c, c);
        var dx = Autodiff.gradients(results.get(1).square().mean(), List.of(x)).getFirst();
        assertTrue(dx.node().op() instanceof Movement.Expand, "zeros expected, found " + dx.node());
    }

    @Test
    void statisticsOfLayerNormAreRefusedWithTheirPlace() {
        var x = graph.input("x", Type.f32(5, 4));
        var c = graph.input("c", Type.f32(4));
        var mean = graph.at("blocks.3.norm1", "", () -> graph.apply(new Norm.LayerNorm(1e-6), x, c, c))
                .get(1);
        var e = assertThrows(
                UnsupportedOperationException.class,
                () -> Autodiff.gradients(mean.square().mean(), List.of(x)));
        assertEquals(
                "blocks.3.norm1: %2 LayerNorm[epsilon=1.0E-6, result=FLOAT32]: the mean has no gradient; "
                        + "compute it from the operand instead",
                e.getMessage());
    }

    @Test
    void derivativesHaveNoGradientThemselves() {
        var x = graph.input("x", Type.f32(4));
        var dx = Autodiff.gradients(x.gelu().mean(), List.of(x)).getFirst();
        var e = assertThrows(UnsupportedOperationException.class, () -> Autodiff.gradients(dx.mean(), List.of(x)));
        assertTrue(e.getMessage().contains("GeluGrad belongs to a backward pass"), e.getMessage());
    }

    @Test
    void backwardNodesStandInTheScopeOfTheirLayer() {
        var x = graph.input("x", Type.f32(3, 4));
        var w = graph.input("w", Type.f32(4, 5));
        var y = graph.at("head", "", () -> x.matmul(w));
        var gradients = Autodiff.gradients(y.mean(), List.of(w));
        assertEquals("head.grad", gradients.getFirst().node().scope());
        assertEquals("", graph.scope());
    }

    @Test
    void batchedValuesAreDifferentiated() {
        var x = graph.input("x", new Type(Type.f32().dtype(), Shape.batched(2, 3)));
        var dy = graph.input("dy", x.type());
        UnaryOperator<Value> f = v -> v.softmax().reshape(2, 1, 3).square().reshape(2, 3);
        var dx = Autodiff.pullback(Map.of(f.apply(x), dy), List.of(x)).getFirst();
        assertEquals(x.type(), dx.type());
        var fed = NdArray.of(Shape.of(6, 3), new double[18]);
        assertEquals(
                Shape.of(6, 3),
                evaluate(List.of(dx), Map.of("x", fed, "dy", fed)).getFirst().shape());
    }

    @Test
    void seedsMustHaveTheTypeOfTheirValue() {
        var x = graph.input("x", Type.f32(3));
        var e = assertThrows(
                IllegalArgumentException.class, () -> Autodiff.pullback(Map.of(x, graph.scalar(1)), List.of(x)));
        assertTrue(e.getMessage().contains("the cotangent of %0 float32[3] must have its type"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Autodiff.gradients(x, List.of(x)));
    }

    @Test
    void equalMaximaShareTheirGradientEvenly() {
        var g = new Graph("ties");
        var x = g.input("x", Type.f32(4));
        g.output("y", Autodiff.gradients(x.largest(false, 0), List.of(x)).getFirst());
        g.output(
                "z", Autodiff.gradients(x.max(x.neg().neg()).mean(), List.of(x)).getFirst());
        var found = Interpreter.evaluate(g, Map.of("x", NdArray.of(Shape.of(4), 3, 1, 3, 2)));
        assertArrayEquals(new double[] {0.5, 0, 0.5, 0}, found.get("y").data());
        // half by each operand, which are the same number
        assertArrayEquals(new double[] {0.25, 0.25, 0.25, 0.25}, found.get("z").data());
    }

    private long count(String op) {
        return graph.nodes().stream().filter(n -> n.op().name().equals(op)).count();
    }

    private List<NdArray> evaluate(List<Value> wanted, Map<String, NdArray> fed) {
        return Interpreter.evaluate(graph, fed, wanted);
    }
}
