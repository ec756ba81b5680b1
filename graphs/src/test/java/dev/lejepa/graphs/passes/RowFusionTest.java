package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowFusionTest {
    private final Graph graph = new Graph("g");
    private int inputs;

    private Value input(long... dims) {
        return graph.input("x" + inputs++, Type.f32(dims));
    }

    private Value half(long... dims) {
        return input(dims).cast(DType.BFLOAT16);
    }

    /// A block's end and the next one's beginning.
    private void residualBlock() {
        var w = half(16, 8).reshape(16, 8);
        var product = half(6, 16)
                .graph()
                .apply(new Product.Gemm(false, false, DType.FLOAT32), half(6, 16), w, input(8))
                .getFirst();
        var x = input(2, 3, 8);
        var y = x.add(product.reshape(2, 3, 8).mul(input(2, 1, 1)));
        graph.output("y", y);
        graph.output("z", y.layerNorm(input(8), input(8), 1e-6).cast(DType.BFLOAT16));
    }

    @Test
    void aResidualSumIsOneFormulaWithTheNormAfterIt() {
        residualBlock();
        var fused = RowFusion.apply(graph);
        var rows = formulas(fused);
        assertEquals(1, rows.size());
        assertEquals(
                List.of("Cast", "Add", "Mul", "Add", "LayerNorm", "Cast"),
                rows.getFirst().formula().nodes().stream()
                        .map(n -> n.op().name())
                        .filter(name -> !name.equals("Input"))
                        .toList());
        var gemm = only(fused, Product.Gemm.class);
        assertEquals(2, gemm.inputs().size(), "the bias is added by the formula");
        assertEquals(DType.BFLOAT16, ((Product.Gemm) gemm.op()).result(), "a product has the type of its operands");
    }

    @Test
    void aBroadcastOperandIsWidenedAsItIsRead() {
        var operand = graph.input("half", new Type(DType.BFLOAT16, Shape.of(3, 1, 8)));
        graph.output("y", operand.cast(DType.FLOAT32).mul(input(5, 1)).cos());
        var fused = RowFusion.apply(graph);
        assertEquals(1, formulas(fused).size());
        assertTrue(fused.nodes().stream().noneMatch(n -> n.op() instanceof Elementwise.Cast));
        assertSame(fused, 1e-12);
    }

    @Test
    void whatMakesABroadcastOperandHasRowsOfItsOwn() {
        var half = input(3, 1, 8).sin().cast(DType.BFLOAT16);
        graph.output("half", half);
        graph.output("y", half.cast(DType.FLOAT32).mul(input(5, 1)).cos());
        var fused = RowFusion.apply(graph);
        assertEquals(Shape.of(3, 1, 8), fused.outputs().get("half").shape());
        assertEquals(2, formulas(fused).size());
        formulas(fused).forEach(f -> assertEquals(1, f.formula().outputs().size()));
        assertSame(fused, 1e-12);
    }

    @Test
    void fusedGraphsComputeTheSame() {
        residualBlock();
        assertSame(RowFusion.apply(graph), 1e-2); // the product is rounded to bfloat16 before its bias is added
    }

    @Test
    void aReaderThatComesBeforeKeepsAValueOutOfAFormula() {
        var x = input(4, 8);
        var y = x.exp();
        var sum = y.sum(true, 1); // needs y, and the formula of the quotient needs it
        graph.output("y", y.div(sum).add(x));
        var fused = RowFusion.apply(graph);
        assertEquals(1, formulas(fused).size());
        assertEquals(
                2,
                formulas(fused).getFirst().formula().nodes().stream()
                        .filter(n -> !n.op().name().equals("Input"))
                        .count());
        assertSame(fused, 1e-12);
    }

    @Test
    void twoNormsAreTwoFormulas() {
        var x = input(4, 8);
        var scale = input(8);
        graph.output("y", x.layerNorm(scale, scale, 1e-6).mul(2).layerNorm(scale, scale, 1e-6));
        var fused = RowFusion.apply(graph);
        assertEquals(2, formulas(fused).size());
        assertSame(fused, 1e-12);
    }

    @Test
    void productsOfWhichAttentionReadsGetTheirBiasOnce() {
        var qkv = graph.apply(new Product.Gemm(false, false), input(4, 8), input(8, 24), input(24))
                .getFirst()
                .reshape(2, 2, 24);
        graph.output("y", qkv.attention(2));
        graph.output("z", qkv.reshape(2, 48).transpose(1, 0));
        var fused = RowFusion.apply(graph);
        assertEquals(
                1,
                fused.nodes().stream().filter(n -> n.op().name().equals("Add")).count());
        assertSame(fused, 1e-12);
    }

    @Test
    void aBiasGradientIsSummedUpWhereItsRowsAreMade() {
        var dy = input(2, 3, 8).mul(input(2, 1, 1)).cast(DType.BFLOAT16).reshape(6, 8);
        graph.output("dx", dy.gemm(half(8, 4), false, false, DType.BFLOAT16));
        var ones = graph.constant(Tensor.filled(Shape.of(1, 6), 1)).cast(DType.BFLOAT16);
        graph.output("db", ones.gemm(dy, false, false, DType.FLOAT32).reshape(8));
        var fused = RowFusion.apply(graph);
        assertEquals(2, formulas(fused).getFirst().formula().outputs().size());
        assertEquals(
                1,
                fused.nodes().stream()
                        .filter(n -> n.op() instanceof Product.Gemm)
                        .count());
        assertSame(fused, 1e-12);
    }

    @Test
    void aSumOverRowsIsReadByTheNextFormula() {
        var x = input(5, 8).exp();
        graph.output("y", x.sub(x.sum(false, 0)).mul(x));
        var fused = RowFusion.apply(graph);
        assertEquals(2, formulas(fused).size());
        assertSame(fused, 1e-12);
    }

    @Test
    void sumsOverOtherAxesStay() {
        var x = input(3, 4, 8).exp();
        graph.output("y", x.neg().sum(false, 0));
        graph.output("z", x.sum(true, 1));
        assertSame(RowFusion.apply(graph), 1e-12);
    }

    @Test
    void rowsOfOtherLengthsStayAsTheyAre() {
        var x = input(4, 7);
        graph.output("y", x.exp().mul(x).layerNorm(input(7), input(7), 1e-6));
        assertEquals(List.of(), formulas(RowFusion.apply(graph)));
    }

    @Test
    void aDamagedFormulaIsRefused() throws IOException {
        residualBlock();
        var model =
                Lowering.lower(RowFusion.apply(graph), Target.CUDA, Map.of()).proto();
        var damaged = model.toBuilder();
        damaged.getFunctionsBuilder(0).getNodeBuilder(1).setOpType("Nonsense");
        var bytes = damaged.build().toByteArray();
        var e = assertThrows(
                BadInputException.class,
                () -> DeviceFormulas.in("file.onnx", new ByteArrayInputStream(bytes))
                        .rows());
        assertTrue(
                e.getMessage()
                        .contains(
                                "file.onnx: function Rows_0 is damaged: Nonsense of 2 operands is no elementary operation"),
                e.getMessage());
        var whole = DeviceFormulas.in("file.onnx", new ByteArrayInputStream(model.toByteArray()))
                .rows();
        assertEquals(DType.BFLOAT16, whole.getFirst().inputs().getFirst());
    }

    private static List<Rewritten.Rows> formulas(Graph g) {
        return g.nodes().stream()
                .map(Node::op)
                .filter(Rewritten.Rows.class::isInstance)
                .map(Rewritten.Rows.class::cast)
                .toList();
    }

    private static Node only(Graph g, Class<? extends Op> op) {
        return g.nodes().stream().filter(n -> op.isInstance(n.op())).findFirst().orElseThrow();
    }

    private void assertSame(Graph fused, double tolerance) {
        var feeds = new HashMap<String, NdArray>();
        var random = new Random(5);
        graph.inputs()
                .forEach((label, v) -> feeds.put(
                        label,
                        NdArray.of(
                                v.shape(),
                                random.doubles(v.shape().size(), -1, 1).toArray())));
        var expected = Interpreter.evaluate(graph, feeds);
        var found = Interpreter.evaluate(fused, feeds);
        expected.forEach(
                (label, e) -> assertArrayEquals(e.data(), found.get(label).data(), tolerance, label));
    }
}
