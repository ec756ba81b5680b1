package dev.lejepa.graphs.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    /// Rounding of a handful of double-precision operations.
    private static final double ROUNDING = 1e-14;

    private final Graph graph = new Graph("test");

    @Test
    void operandsBroadcastAsInNumPy() {
        var a = constant(Shape.of(2, 1), 10, 20);
        var b = constant(Shape.of(3), 1, 2, 3);
        assertValues(a.add(b), 11, 12, 13, 21, 22, 23);
    }

    @Test
    void productTransposesScalesAndBroadcasts() {
        var a = constant(Shape.of(2, 1, 2, 1), 1, 2, 3, 4);
        var b = constant(Shape.of(1, 2), 5, 6);
        assertValues(a.matmul(b, true, true, 2), 34, 78);
        assertValues(a.matmul(b), 5, 6, 10, 12, 15, 18, 20, 24);
    }

    @Test
    void gemmAddsItsRow() {
        var a = constant(Shape.of(2, 2), 1, 2, 3, 4);
        assertValues(a.gemm(a, true, false, constant(Shape.of(2), 100, 200)), 110, 214, 114, 220);
    }

    @Test
    void layoutMovesElements() {
        var x = constant(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertValues(x.transpose(1, 0), 1, 4, 2, 5, 3, 6);
        assertValues(x.slice(1, 1, 3), 2, 3, 5, 6);
        assertValues(x.pad(0, 1, 0), 0, 0, 0, 1, 2, 3, 4, 5, 6);
        assertValues(x.split(1, 1, 2).get(1), 2, 3, 5, 6);
        assertValues(Value.concat(1, List.of(x, x.slice(1, 0, 1))), 1, 2, 3, 1, 4, 5, 6, 4);
        assertValues(x.slice(0, 0, 1).expand(Shape.of(2, 2, 3)), 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
        assertValues(x.reshape(3, 2).sum(false, 0), 9, 12);
        assertValues(x.mean(true, 1), 2, 5);
    }

    @Test
    void softmaxOfLargeNumbersIsFinite() {
        var p = 1 / (1 + Math.exp(-2));
        assertValues(constant(Shape.of(1, 2), 998, 1000).softmax(), 1 - p, p);
    }

    @Test
    void layerNormReturnsItsStatistics() {
        var results = graph.apply(
                new Norm.LayerNorm(0.25),
                constant(Shape.of(1, 2), 1, 3),
                constant(Shape.of(2), 1, 2),
                constant(Shape.of(2), 5, 6));
        var s = 1 / Math.sqrt(1.25);
        assertValues(results.get(0), 5 - s, 6 + 2 * s);
        assertValues(results.get(1), 2);
        assertValues(results.get(2), s);
    }

    @Test
    void batchNormKeepsUnbiasedRunningVariance() {
        var one = constant(Shape.of(1), 1);
        var results = graph.apply(
                new Norm.BatchNorm(0, 0.1),
                constant(Shape.of(2, 1), 1, 3),
                one,
                constant(Shape.of(1), 0),
                constant(Shape.of(1), 0),
                one);
        assertValues(results.get(0), -1, 1);
        assertValues(results.get(1), 0.2);
        assertValues(results.get(2), 0.9 + 0.1 * 2);
        assertValues(results.get(3), 2);
        assertValues(results.get(4), 1);
    }

    @Test
    void characteristicFunctionIsTheMeanOverSamples() {
        var results = graph.apply(new Statistic.Ecf(2, Math.PI / 2), constant(Shape.of(2, 1), 0, 1));
        assertValues(results.get(0), 1, 0.5);
        assertValues(results.get(1), 0, 0.5);
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogarithmOfTheirNumber() {
        var labels = constant(Shape.of(2), 3, 0).cast(DType.INT64);
        var results = graph.apply(new Loss.SoftmaxCrossEntropy(), constant(Shape.of(2, 4), new double[8]), labels);
        assertValues(results.get(0), Math.log(4));
    }

    @Test
    void firstUpdateMovesByTheLearningRateAndDecays() {
        var zero = constant(Shape.of(2), 0, 0);
        var results = graph.apply(
                new Optimizer.AdamW(0.9, 0.999, 0, 0.5),
                graph.scalar(0.1),
                constant(Shape.of(1), 1).cast(DType.INT64),
                constant(Shape.of(2), 2, 3),
                constant(Shape.of(2), -4, 5),
                zero,
                zero);
        assertValues(results.get(0), 2 * 0.95 + 0.1, 3 * 0.95 - 0.1);
        assertValues(results.get(1), -0.4, 0.5);
        assertValues(results.get(2), 0.016, 0.025);
    }

    @Test
    void batchIsBoundByTheFedArrays() {
        var x = graph.input("x", new Type(DType.FLOAT32, Shape.batched(2, 3)));
        graph.output("y", x.reshape(1, 6).mul(2));
        var y = Interpreter.evaluate(graph, Map.of("x", NdArray.of(Shape.of(4, 3), new double[12])))
                .get("y");
        assertEquals(Shape.of(2, 6), y.shape());
    }

    @Test
    void onlyWhatIsWantedNeedsItsInputs() {
        var x = graph.input("x", Type.f32());
        graph.output("z", graph.input("unused", Type.f32()));
        assertEquals(
                6,
                Interpreter.evaluate(graph, Map.of("x", NdArray.scalar(3)), List.of(x.mul(2)))
                        .getFirst()
                        .item());
    }

    @Test
    void missingAndMisshapenInputsAreNamed() {
        graph.output("y", graph.input("x", Type.f32(2, 3)).mul(2));
        assertEquals(
                "graph 'test' needs its input 'x', which is not fed",
                assertThrows(IllegalArgumentException.class, () -> Interpreter.evaluate(graph, Map.of()))
                        .getMessage());
        assertEquals(
                "input 'x' of graph 'test' is [2, 3], found []",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Interpreter.evaluate(graph, Map.of("x", NdArray.scalar(1))))
                        .getMessage());
    }

    private Value constant(Shape shape, double... data) {
        return graph.constant(Tensor.of(shape, data));
    }

    private void assertValues(Value value, double... expected) {
        var found =
                Interpreter.evaluate(graph, Map.of(), List.of(value)).getFirst().data();
        var largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertArrayEquals(expected, found, ROUNDING * (1 + largest));
    }
}
