package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttentionBiasTest {
    private static final int HEADS = 2;
    private static final int ROWS = 6;
    private static final int WIDTH = 24;

    private final Graph graph = new Graph("g");

    private Value half(String label, long... dims) {
        return graph.input(label, Type.f32(dims)).cast(DType.BFLOAT16);
    }

    /// Queries, keys and values of two images of three tokens.
    private Value qkv() {
        var bias = graph.input("bias", Type.f32(WIDTH));
        return graph.apply(
                        new Product.Gemm(false, false, DType.BFLOAT16), half("x", ROWS, 8), half("w", 8, WIDTH), bias)
                .getFirst()
                .reshape(2, 3, WIDTH);
    }

    /// A forward and a backward pass, as mixed precision leaves them.
    private void attention(Value qkv, Value again) {
        var y = graph.apply(new SelfAttention.Attention(HEADS), qkv);
        graph.output("y", y.getFirst());
        var dy = half("dy", 2, 3, 8);
        var dQkv = graph.apply(new SelfAttention.AttentionGrad(HEADS), dy, again, y.get(0), y.get(1))
                .getFirst();
        graph.output("dqkv", dQkv);
        var ones = graph.constant(Tensor.filled(Shape.of(1, ROWS), 1)).cast(DType.BFLOAT16);
        var sums = ones.gemm(dQkv.reshape(ROWS, WIDTH), false, false, DType.FLOAT32);
        graph.output("dbias", sums.reshape(WIDTH));
    }

    private Graph rewritten() {
        return AttentionBias.apply(graph, (_, _) -> true);
    }

    @Test
    void attentionAddsTheBiasOfItsProductAndGivesItsGradient() {
        var qkv = qkv();
        attention(qkv, qkv);
        var found = rewritten();
        assertEquals(1, count(found, Rewritten.BiasedAttention.class));
        assertEquals(1, count(found, Rewritten.BiasedAttentionGrad.class));
        assertEquals(0, count(found, SelfAttention.class));
        assertEquals(1, count(found, Product.Gemm.class), "no product with ones");
        assertSame(found);
    }

    @Test
    void floatsAreTakenAsTheyAre() {
        var bias = graph.input("bias", Type.f32(WIDTH));
        var x = graph.input("x", Type.f32(ROWS, 8));
        var qkv =
                x.gemm(graph.input("w", Type.f32(8, WIDTH)), false, false, bias).reshape(2, 3, WIDTH);
        var y = graph.apply(new SelfAttention.Attention(HEADS), qkv);
        graph.output("y", y.getFirst());
        var dQkv = graph.apply(
                        new SelfAttention.AttentionGrad(HEADS),
                        graph.input("dy", Type.f32(2, 3, 8)),
                        qkv,
                        y.get(0),
                        y.get(1))
                .getFirst();
        graph.output("dqkv", dQkv);
        var ones = graph.constant(Tensor.filled(Shape.of(1, ROWS), 1));
        graph.output("dbias", ones.gemm(dQkv.reshape(ROWS, WIDTH), false, false).reshape(WIDTH));
        var found = rewritten();
        assertEquals(1, count(found, Rewritten.BiasedAttention.class));
        assertEquals(1, count(found, Rewritten.BiasedAttentionGrad.class));
        assertEquals(1, count(found, Product.Gemm.class), "no product with ones");
        assertSame(found);
    }

    @Test
    void whatIsComputedAgainHasItsBiasToo() {
        var qkv = qkv();
        var again = graph.apply(new Rewritten.Barrier(), qkv, graph.input("after", Type.f32(2)))
                .getFirst();
        attention(qkv, again);
        var found = rewritten();
        assertEquals(1, count(found, Rewritten.BiasedAttentionGrad.class));
        assertSame(found);
    }

    @Test
    void whatOthersReadKeepsItsBias() {
        var qkv = qkv();
        attention(qkv, qkv);
        graph.output("qkv", qkv);
        var found = rewritten();
        assertEquals(0, count(found, Rewritten.BiasedAttention.class));
        assertEquals(2, count(found, Product.Gemm.class));
        assertSame(found);
    }

    @Test
    void headsOfOtherWidthsStayAsTheyAre() {
        var qkv = qkv();
        attention(qkv, qkv);
        var found = AttentionBias.apply(graph, (shape, heads) -> shape.dim(2) / heads > WIDTH);
        assertEquals(0, count(found, Rewritten.BiasedAttention.class));
    }

    @Test
    void aContextThatIsAlsoTheCotangentIsNoOther() {
        var qkv = qkv();
        var y = graph.apply(new SelfAttention.Attention(HEADS), qkv);
        var all = graph.apply(new SelfAttention.AttentionGrad(HEADS), y.get(0), qkv, y.get(0), y.get(1));
        graph.output("dqkv", all.getFirst());
        assertSame(rewritten());
    }

    private static long count(Graph g, Class<?> op) {
        return g.nodes().stream().filter(n -> op.isInstance(n.op())).count();
    }

    private void assertSame(Graph found) {
        var feeds = new HashMap<String, NdArray>();
        var random = new Random(5);
        graph.inputs()
                .forEach((label, v) -> feeds.put(
                        label,
                        NdArray.of(
                                v.shape(),
                                random.doubles(v.shape().size(), -1, 1).toArray())));
        var expected = Interpreter.evaluate(graph, feeds);
        var computed = Interpreter.evaluate(found, feeds);
        // Products and sums of up to 24 numbers below 4 are rounded to bfloat16 at other places.
        Stream.of("y", "dqkv", "dbias")
                .filter(expected::containsKey)
                .forEach(label -> assertArrayEquals(
                        expected.get(label).data(), computed.get(label).data(), 1.0 / 16, label));
    }
}
