package dev.lejepa.graphs.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A bias that is said to be taken away changes nothing when it changes, and any other does.
class ShiftsTest {
    private static final int C = 4;

    /// Rows `[n, 4]` of tokens `x [6, 3, 4]`, rows `r [6, 4]`, matrices `w [4, 4]` and `u [4, 4]`, and a bias `b [4]`.
    private interface Formula {
        Value of(Value x, Value r, Value w, Value u, Value b);
    }

    private static Arguments still(String name, Formula f) {
        return Arguments.of(name, true, f);
    }

    private static Arguments moving(String name, Formula f) {
        return Arguments.of(name, false, f);
    }

    private static Value layerNorm(Value x, Value w, Value b) {
        return x.layerNorm(w.slice(0, 0, 1).reshape(C), b, 1e-5);
    }

    private static Value first(Value tokens) {
        return tokens.slice(1, 0, 1).reshape(6, C);
    }

    private static Value views(Value large, Value small) {
        return Value.concat(1, List.of(large.reshape(6, 1, C), small.reshape(6, 1, C)))
                .reshape(12, C);
    }

    static Stream<Arguments> formulas() {
        return Stream.of(
                still("of a product", (x, r, w, u, b) -> r.gemm(w, false, true, b)),
                still(
                        "of two products",
                        (x, r, w, u, b) -> r.gemm(w, false, true, b).gemm(u, false, false)),
                still("of a sum", (x, r, w, u, b) -> r.add(b).add(w.slice(0, 0, 1))),
                still("of a LayerNorm", (x, r, w, u, b) -> layerNorm(r, w, b)),
                still(
                        "of the first token",
                        (x, r, w, u, b) -> first(layerNorm(x, w, b)).matmul(u)),
                still(
                        "of the mean of tokens",
                        (x, r, w, u, b) -> layerNorm(x, w, b).mean(false, 1)),
                still(
                        "of a mean that keeps its axis",
                        (x, r, w, u, b) -> layerNorm(x, w, b).mean(true, 1).reshape(6, C)),
                still(
                        "of tokens in another order",
                        (x, r, w, u, b) -> layerNorm(x, w, b).gather(1, 2, 0).reshape(12, C)),
                still(
                        "of two sizes of views",
                        (x, r, w, u, b) -> views(
                                first(layerNorm(x, w, b)).gemm(u, false, false),
                                first(layerNorm(x.sin(), w, b)).gemm(u, false, false))),
                still("of rows with another type", (x, r, w, u, b) -> r.add(b).cast(DType.FLOAT32)),
                still(
                        "of a piece",
                        (x, r, w, u, b) -> x.graph()
                                .apply(new Movement.Split(1, List.of(1L, 2L)), layerNorm(x, w, b))
                                .get(1)
                                .reshape(12, C)),
                moving(
                        "of a nonlinear function",
                        (x, r, w, u, b) -> r.gemm(w, false, true, b).relu()),
                moving(
                        "of a norm's operand",
                        (x, r, w, u, b) ->
                                layerNorm(r.add(b), w, r.slice(0, 0, 1).reshape(C))),
                moving("of a factor", (x, r, w, u, b) -> r.mul(b)),
                moving("of some of the views", (x, r, w, u, b) -> views(first(layerNorm(x, w, b)), r)),
                moving(
                        "of views by other matrices",
                        (x, r, w, u, b) -> views(
                                first(layerNorm(x, w, b)).gemm(u, false, false),
                                first(layerNorm(x, w, b)).gemm(w, false, false))),
                moving(
                        "of views by a matrix and its transpose",
                        (x, r, w, u, b) -> views(
                                first(layerNorm(x, w, b)).gemm(u, false, false),
                                first(layerNorm(x, w, b)).gemm(u, false, true))),
                moving(
                        "added twice to some",
                        (x, r, w, u, b) -> views(r.add(b), r.add(b).add(b))),
                moving(
                        "of another axis",
                        (x, r, w, u, b) -> r.add(b).gemm(r, true, false).gemm(u, false, false)),
                moving(
                        "of a matrix for each image",
                        (x, r, w, u, b) -> r.add(b)
                                .reshape(6, 1, C)
                                .matmul(x.sin().mean(false, 1).reshape(6, C, 1))
                                .expand(Shape.of(6, 1, C))
                                .reshape(6, C)),
                moving("of a column", (x, r, w, u, b) -> w.add(b.reshape(C, 1))),
                moving(
                        "of channels put together",
                        (x, r, w, u, b) -> r.add(b).reshape(12, 2).matmul(u.slice(0, 0, 2))),
                moving(
                        "of a piece of the channels",
                        (x, r, w, u, b) ->
                                views(r.add(b), Value.concat(1, List.of(r.add(b).slice(1, 2, 4), r.slice(1, 0, 2))))),
                moving("of rows, as their factor", (x, r, w, u, b) -> views(r, r.mul(b))));
    }

    private final Graph graph = new Graph("test");
    private final HashMap<String, NdArray> fed = new HashMap<>();
    private final Random random = new Random(5);

    private Value input(String name, long... dims) {
        var values = random.doubles(Shape.of(dims).size(), -1, 1).toArray();
        fed.put(name, NdArray.of(Shape.of(dims), values));
        return graph.input(name, Type.f32(dims));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("formulas")
    void aBiasHasNoGradientWhereTheLossDoesNotDependOnIt(String name, boolean still, Formula formula) {
        var b = input("b", C);
        var rows = formula.of(input("x", 6, 3, C), input("r", 6, C), input("w", C, C), input("u", C, C), b);
        var ones = input("scale", C);
        var loss = graph.apply(new Norm.BatchNorm(1e-5, 0.1), rows, ones, ones, ones, ones)
                .getFirst()
                .exp()
                .mean();
        assertEquals(still, Autodiff.isStill(loss, b));

        var gradient = Autodiff.gradients(loss, List.of(b)).getFirst();
        var before = Interpreter.evaluate(graph, fed, List.of(loss, gradient));
        var moved = fed.get("b").data();
        moved[0] += 0.1;
        moved[3] -= 0.2;
        var change = Interpreter.evaluate(graph, fed, List.of(loss)).getFirst().item()
                - before.getFirst().item();
        if (still) {
            assertArrayEquals(new double[C], before.getLast().data());
            assertEquals(0, change, 1e-12, "rounding of double precision");
        } else {
            assertTrue(Math.abs(change) > 1e-6, name + " changes the loss by " + change);
        }
    }
}
