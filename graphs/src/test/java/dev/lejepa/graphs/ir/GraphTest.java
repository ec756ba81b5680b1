package dev.lejepa.graphs.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GraphTest {
    private final Graph graph = new Graph("test");

    @Test
    void misfitIsToldWithItsPlaceAndWhatWasAsked() {
        var x = graph.input("x", Type.f32(8, 197, 192));
        var w = graph.input("w", Type.f32(384, 1152));
        var e = assertThrows(
                ShapeException.class, () -> graph.at("blocks.0.attn.qkv", "Linear 384 -> 1152", () -> x.matmul(w)));
        assertEquals(
                "blocks.0.attn.qkv (Linear 384 -> 1152): MatMul of [8, 197, 192] and [384, 1152]: "
                        + "inner dimensions differ (192 and 384)",
                e.getMessage());
        assertEquals("", graph.scope());
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                misfit(
                        "Add of [2, 3] and [2]: [2, 3] and [2] do not broadcast",
                        List.of(2L, 3L),
                        List.of(2L),
                        op2(new Elementwise.Binary(BinaryFunction.ADD))),
                misfit(
                        "Gemm of [2, 3] and [2, 3]: inner dimensions differ (3 and 2)",
                        List.of(2L, 3L),
                        List.of(2L, 3L),
                        op2(new Product.Gemm(false, false))),
                misfit(
                        "MatMul of [3] and [3]: both operands need at least two axes",
                        List.of(3L),
                        List.of(3L),
                        op2(new Product.MatMul(false, false, 1))),
                misfit("Reshape of [2, 3]: [2, 3] cannot be seen as [7]", v -> v.reshape(7)),
                misfit("Transpose of [2, 3]: [0, -1] is no permutation of the axes of [2, 3]", v -> v.transpose(0, -1)),
                misfit("Slice of [2, 3]: elements 1 to 5 of axis 1 of [2, 3] do not exist", v -> v.slice(1, 1, 5)),
                misfit(
                        "Split of [2, 3]: pieces of [1, 1] do not make up axis 1 of [2, 3]",
                        v -> v.split(1, 1, 1).getFirst()),
                misfit("Pad of [2, 3]: -1 and 0 zeros cannot be added to axis 0 of [2, 3]", v -> v.pad(0, -1, 0)),
                misfit("Expand of [2, 3]: [2, 3] does not broadcast to [1, 3]", v -> v.expand(Shape.of(1, 3))),
                misfit(
                        "LayerNorm of [2, 3] and [2, 3] and [2, 3]: scale, bias and statistics must be [3], found [2, 3]",
                        v -> v.layerNorm(v, v, 0)),
                misfit(
                        "Add of [2, 3] and [2, 3]: element types differ (float32 and bfloat16)",
                        v -> v.add(v.cast(DType.BFLOAT16))),
                misfit(
                        "MatMul of [2, 3] and [2, 3]: element types differ (float32 and int64)",
                        v -> v.matmul(v.cast(DType.INT64), false, true, 1)),
                misfit(
                        "Concat of [2, 3] and [3, 2]: float32[2, 3] and float32[3, 2] differ on another axis than 0",
                        v -> Value.concat(0, List.of(v, v.transpose(1, 0)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misfits")
    void operandsThatDoNotFitAreRefused(String message, Function<Graph, Value> build) {
        assertEquals(
                message,
                assertThrows(ShapeException.class, () -> build.apply(graph)).getMessage());
    }

    static Stream<Arguments> batchedMisfits() {
        return Stream.of(
                misfit("ReduceSum of [N, 4]: the symbolic batch of [N, 4] cannot be reduced", v -> v.sum(false, 0)),
                misfit("Slice of [N, 4]: the symbolic batch cannot be cut", v -> v.slice(0, 0, 0)),
                misfit("Pad of [N, 4]: the symbolic batch cannot be padded", v -> v.pad(0, 1, 1)),
                misfit(
                        "Concat of [N, 4] and [N, 4]: the symbolic batch cannot be concatenated",
                        v -> Value.concat(0, List.of(v, v))),
                misfit(
                        "Transpose of [N, 4]: the symbolic batch must stay the leading axis, found [1, 0]",
                        v -> v.transpose(1, 0)),
                misfit(
                        "MatMul of [N, 4] and [N, 4]: the symbolic batch may only count rows of the left operand",
                        v -> v.matmul(v, true, false, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("batchedMisfits")
    void symbolicBatchIsNeverLost(String message, Function<Value, Value> f) {
        var x = graph.input("batched", new Type(DType.FLOAT32, Shape.batched(1, 4)));
        assertEquals(
                message, assertThrows(ShapeException.class, () -> f.apply(x)).getMessage());
    }

    @Test
    void layersKeepTheBatchSymbolic() {
        var x = graph.input("x", new Type(DType.FLOAT32, Shape.batched(1, 5, 8)));
        var w = graph.input("w", Type.f32(8, 6));
        assertEquals(Shape.batched(1, 5, 6), x.matmul(w).shape());
        assertEquals(Shape.batched(5, 6), x.reshape(5, 8).gemm(w, false, false).shape());
        assertEquals(Shape.batched(1, 5, 5), x.matmul(x, false, true, 1).shape());
        assertEquals(Shape.batched(1, 8), x.mean(false, 1).shape());
        assertEquals(
                Shape.batched(1, 2, 5, 4),
                x.reshape(1, 5, 2, 4).transpose(0, 2, 1, 3).shape());
    }

    @Test
    void buildingTwiceGivesTheSameText() {
        assertEquals(example().toString(), example().toString());
        assertEquals("""
                graph example
                  %0 Input[label=x, type=float32[2, 4]]() float32[2, 4]
                  %1 halves Split[axis=1, sizes=[1, 3]](%0) float32[2, 1], float32[2, 3]
                  %2 Constant[value=float32[] [0.5]]() float32[]
                  %3 Mul[](%1.1, %2) float32[2, 3]
                  return y = %3
                """, example().toString());
    }

    private static Graph example() {
        var graph = new Graph("example");
        var x = graph.input("x", Type.f32(2, 4));
        var halves = graph.at("halves", "", () -> x.split(1, 1, 3));
        graph.output("y", halves.get(1).mul(0.5));
        return graph;
    }

    @Test
    void namesAreUniqueAndValuesStayInTheirGraph() {
        var x = graph.input("x", Type.f32(2));
        graph.output("y", x);
        assertThrows(IllegalArgumentException.class, () -> graph.input("x", Type.f32()));
        assertThrows(IllegalArgumentException.class, () -> graph.output("y", x));
        assertThrows(IllegalArgumentException.class, () -> new Graph("other").output("x", x));
        var e = assertThrows(IllegalArgumentException.class, () -> x.add(new Graph("other").scalar(1)));
        assertEquals("%0 float32[] belongs to another graph than 'test'", e.getMessage());
    }

    private static Arguments misfit(String message, Function<Value, Value> f) {
        Function<Graph, Value> build = g -> f.apply(g.input("x", Type.f32(2, 3)));
        return message.contains("N, 4") ? Arguments.of(message, f) : Arguments.of(message, build);
    }

    private static Arguments misfit(String message, List<Long> a, List<Long> b, Function<List<Value>, Value> f) {
        Function<Graph, Value> build = g -> f.apply(List.of(g.input("a", type(a)), g.input("b", type(b))));
        return Arguments.of(message, build);
    }

    private static Type type(List<Long> dims) {
        return Type.f32(dims.stream().mapToLong(d -> d).toArray());
    }

    private static Function<List<Value>, Value> op2(Op op) {
        return v -> v.getFirst().graph().apply(op, v).getFirst();
    }
}
