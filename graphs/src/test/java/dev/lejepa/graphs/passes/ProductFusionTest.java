package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProductFusionTest {
    private static final int IMAGES = 2;
    private static final int TOKENS = 3;
    private static final int ROWS = IMAGES * TOKENS;
    private static final int HIDDEN = 16;

    private final Graph graph = new Graph("g");

    private Value half(String label, long... dims) {
        return graph.input(label, new Type(DType.BFLOAT16, Shape.of(dims)));
    }

    /// The first product of a perceptron, with its bias.
    private Value hidden() {
        return graph.apply(
                        new Product.Gemm(false, true, DType.BFLOAT16),
                        half("x", ROWS, 8),
                        half("w1", HIDDEN, 8),
                        graph.input("b1", Type.f32(HIDDEN)))
                .getFirst()
                .reshape(IMAGES, TOKENS, HIDDEN);
    }

    private Value gelu(Value x) {
        return graph.apply(new Activation.Gelu(), x).getFirst();
    }

    private Value product(Value a, Value b) {
        return graph.apply(new Product.Gemm(false, false, DType.BFLOAT16), a, b).getFirst();
    }

    /// Forward and backward pass of a perceptron.
    private void perceptron() {
        var hidden = hidden();
        graph.output("y", gelu(hidden));
        var dGelu = product(half("dy", ROWS, 8), half("w2", 8, HIDDEN)).reshape(IMAGES, TOKENS, HIDDEN);
        var dHidden =
                graph.apply(new Activation.GeluGrad(), dGelu, hidden).getFirst().reshape(ROWS, HIDDEN);
        graph.output("dx", product(dHidden, half("w3", HIDDEN, 8)));
        var ones = graph.constant(Tensor.filled(Shape.of(1, ROWS), 1)).cast(DType.BFLOAT16);
        graph.output("db1", ones.gemm(dHidden, false, false, DType.FLOAT32));
    }

    private Graph fused() {
        return ProductFusion.apply(RowFusion.apply(graph), (_, _) -> true);
    }

    @Test
    void geluAndItsGradientAreComputedWithTheirProducts() {
        perceptron();
        var fused = fused();
        assertEquals(2, count(fused, Rewritten.ProductRows.class));
        assertEquals(0, count(fused, Rewritten.Rows.class));
        assertEquals(1, count(fused, Product.class), "the product that no formula reads");
        assertSame(fused);
        var products = formulas(fused).products();
        assertEquals(
                List.of(true, false),
                products.stream().map(ProductFormula::kept).toList());
        assertEquals(
                List.of(true, false),
                products.stream().map(ProductFormula::transB).toList());
        assertEquals(2, products.getLast().rows().results().size(), "rows and their sum");
    }

    @Test
    void aProductThatNobodyElseReadsIsNotKept() {
        graph.output("y", gelu(hidden()));
        var fused = fused();
        assertFalse(formulas(fused).products().getFirst().kept());
        assertSame(fused);
    }

    @Test
    void theLastOfTwoProductsComputesTheirSum() {
        var first = product(half("x", ROWS, 8), half("w", 8, HIDDEN));
        var second = product(half("z", ROWS, 8), half("v", 8, HIDDEN));
        graph.output(
                "y", first.cast(DType.FLOAT32).add(second.cast(DType.FLOAT32)).cast(DType.BFLOAT16));
        var fused = fused();
        assertEquals(1, count(fused, Rewritten.ProductRows.class));
        assertEquals(1, count(fused, Product.class));
        assertSame(fused);
    }

    @Test
    void aProductThatIsTheSecondOperandComputesTheFormula() {
        var dy = half("dy", ROWS, HIDDEN);
        graph.output(
                "dx",
                graph.apply(new Activation.GeluGrad(), dy, product(half("x", ROWS, 8), half("w", 8, HIDDEN)))
                        .getFirst());
        var fused = fused();
        assertEquals(1, count(fused, Rewritten.ProductRows.class));
        assertSame(fused);
    }

    @Test
    void aProductThatIsAnOutputIsKept() {
        var hidden = product(half("x", ROWS, 8), half("w", 8, HIDDEN));
        graph.output("hidden", hidden);
        graph.output("y", gelu(hidden));
        var fused = fused();
        assertEquals(1, count(fused, Rewritten.ProductRows.class));
        assertTrue(formulas(fused).products().getFirst().kept());
        assertSame(fused);
    }

    @Test
    void aFormulaOfWholeRowsStaysByItself() {
        var scale = graph.input("scale", Type.f32(HIDDEN));
        graph.output("y", hidden().cast(DType.FLOAT32).layerNorm(scale, scale, 1e-6));
        var fused = fused();
        assertEquals(0, count(fused, Rewritten.ProductRows.class));
        assertSame(fused);
    }

    @Test
    void aFactorForEachRowStaysInAFormulaOfItsOwn() {
        var factor = graph.input("factor", Type.f32(IMAGES, 1, 1));
        graph.output("y", gelu(hidden()).cast(DType.FLOAT32).mul(factor));
        assertEquals(0, count(fused(), Rewritten.ProductRows.class));
    }

    @Test
    void anOperandThatIsMadeLaterIsNotWaitedFor() {
        var hidden = product(half("x", ROWS, 8), half("w", 8, HIDDEN));
        var later = half("z", HIDDEN, ROWS).cast(DType.FLOAT32).transpose(1, 0);
        graph.output("y", hidden.cast(DType.FLOAT32).mul(later).exp());
        var fused = fused();
        assertEquals(0, count(fused, Rewritten.ProductRows.class));
        assertSame(fused);
    }

    @Test
    void productsThatAreNotWorthItStay() {
        perceptron();
        var fused = ProductFusion.apply(RowFusion.apply(graph), (shape, depth) -> depth > 8);
        assertEquals(0, count(fused, Rewritten.ProductRows.class));
        assertFalse(ProductFormula.onCuda(Shape.of(1 << 20, 4), 8), "rows begin at multiples of 16 bytes");
        assertFalse(ProductFormula.onCuda(Shape.of(1 << 10, 512), 8), "few tiles");
        assertTrue(ProductFormula.onCuda(Shape.of(1 << 10, 1 << 10), 8));
    }

    @Test
    void aDamagedFunctionIsRefused() {
        perceptron();
        var model = Lowering.lower(fused(), Target.CUDA, Map.of()).proto().toBuilder();
        for (var f : model.getFunctionsBuilderList()) {
            if (f.getName().startsWith("Product_")) {
                f.getNodeBuilder(0).setOpType("MatMul");
            }
        }
        var e = assertThrows(BadInputException.class, () -> DeviceFormulas.in("file.onnx", model.build()));
        assertTrue(e.getMessage().contains("is damaged: a product and a formula are expected, found MatMul, Rows_"));
    }

    private static DeviceFormulas formulas(Graph fused) {
        ModelProto model = Lowering.lower(fused, Target.CUDA, Map.of()).proto();
        return DeviceFormulas.in("g", model);
    }

    private static long count(Graph g, Class<?> op) {
        return g.nodes().stream().filter(n -> op.isInstance(n.op())).count();
    }

    /// The product is rounded by neither; what is rounded after it is rounded alike.
    private void assertSame(Graph fused) {
        var feeds = new HashMap<String, NdArray>();
        var random = new Random(5);
        graph.inputs()
                .forEach((label, v) -> feeds.put(
                        label,
                        NdArray.of(
                                v.shape(),
                                random.doubles(v.shape().size(), -1, 1).toArray())));
        var unfused = Interpreter.evaluate(RowFusion.apply(graph), feeds);
        var found = Interpreter.evaluate(fused, feeds);
        assertEquals(unfused.keySet(), found.keySet());
        unfused.forEach((label, expected) ->
                assertArrayEquals(expected.data(), found.get(label).data(), 1e-12, label));
    }
}
