package dev.lejepa.tools.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StageCostsTest {
    private final Graph graph = new Graph("test");

    private static Type bf16(long... dims) {
        return new Type(DType.BFLOAT16, Shape.of(dims));
    }

    private List<NodeCost> costs(Target target) {
        var model = Lowering.lower(BundleBuilder.prepare(graph, target), target, Map.of());
        return StageCosts.of("test", model.proto(), 1, OperatorClass.ROWS, "sm_90").nodes().stream()
                .filter(c -> c.launches() > 0)
                .toList();
    }

    private List<NodeCost> costs() {
        return costs(Target.CUDA);
    }

    @Test
    void aProductReadsItsOperandsAndWritesItsResultOnce() {
        var x = graph.input("x", bf16(8, 4));
        graph.output("y", x.gemm(graph.input("w", bf16(4, 6)), false, false, DType.BFLOAT16));
        var expected = new NodeCost(OperatorClass.PRODUCTS, 2 * 8 * 4 * 6, 0, 0, 2 * (8 * 4 + 4 * 6), 2 * 8 * 6, 1);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void aProductWithABiasWritesItFirst() {
        var x = graph.input("x", Type.f32(8, 3));
        var y = x.gemm(graph.input("w", Type.f32(5, 3)), false, true, graph.input("b", Type.f32(5)));
        graph.output("y", y);
        var operands = 4 * (8 * 3 + 5 * 3 + 5);
        var result = 4 * 8 * 5;
        var expected = new NodeCost(OperatorClass.PRODUCTS, 0, 2 * 8 * 3 * 5, 0, operands + result, 2 * result, 2);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void aConvolutionOfNarrowMapsReadsThemOnceAndItsFiltersTwice() {
        var x = graph.input("x", bf16(2, 6, 6, 8));
        var w = graph.input("w", bf16(16, 8, 3, 3));
        var conv = new Convolution.Conv(Window.square(3, 2, 1), 1, ImageLayout.NHWC, DType.BFLOAT16);
        graph.output("y", graph.apply(conv, x, w).getFirst());
        var dy = graph.input("dy", bf16(2, 3, 3, 16));
        graph.output(
                "dx",
                graph.apply(new Convolution.ConvDataGrad(conv, 6, 6), dy, w).getFirst());
        graph.output(
                "dw",
                graph.apply(new Convolution.ConvWeightsGrad(conv.to(DType.FLOAT32)), dy, x)
                        .getFirst());
        var maps = 2 * 2 * 6 * 6 * 8;
        var result = 2 * 2 * 3 * 3 * 16;
        var filters = 2 * 16 * 8 * 9;
        var flops = 2 * (2 * 3 * 3 * 16) * (8 * 9);
        assertEquals(
                Set.of(
                        convolution(flops, maps + 2 * filters, result + filters, 2),
                        convolution(flops, result + 2 * filters, maps + filters, 2),
                        convolution(flops, maps + result + filters, 3 * filters, 2)),
                Set.copyOf(costs()));
    }

    @Test
    void aPointwiseConvolutionIsOneKernelAndADepthwiseOneNoProduct() {
        var x = graph.input("x", bf16(2, 6, 6, 8));
        var pointwise = new Convolution.Conv(Window.square(1, 1, 0), 1, ImageLayout.NHWC, DType.BFLOAT16);
        var depthwise = new Convolution.Conv(Window.square(3, 1, 1), 8, ImageLayout.NHWC, DType.BFLOAT16);
        graph.output(
                "y",
                graph.apply(pointwise, x, graph.input("w", bf16(4, 8, 1, 1))).getFirst());
        graph.output(
                "z",
                graph.apply(depthwise, x, graph.input("v", bf16(8, 1, 3, 3))).getFirst());
        var places = 2 * 6 * 6;
        assertEquals(
                Set.of(
                        convolution(2 * places * 4 * 8, 2 * (places * 8 + 4 * 8), 2 * places * 4, 1),
                        new NodeCost(
                                OperatorClass.CONVOLUTIONS,
                                0,
                                0,
                                2 * places * 8 * 9,
                                2 * (places * 8 + 8 * 9),
                                2 * places * 8,
                                1)),
                Set.copyOf(costs()));
    }

    private static NodeCost convolution(double flops, long read, long written, int launches) {
        return new NodeCost(OperatorClass.CONVOLUTIONS, flops, 0, 0, read, written, launches);
    }

    @Test
    void narrowMapsArePooledInOneKernel() {
        var x = graph.input("x", bf16(2, 6, 6, 8));
        var pool = new Pool(Window.square(2, 2, 0), false, ImageLayout.NHWC);
        graph.output("y", graph.apply(new Pooling.MaxPool(pool), x).getFirst());
        var written = 2 * 3 * 3 * 8;
        assertEquals(
                List.of(new NodeCost(OperatorClass.OTHER, 0, 0, 4 * written, 2 * 2 * 6 * 6 * 8, 2 * written, 1)),
                costs());
    }

    @Test
    void aFormulaOfRowsReadsItsOperandsOnce() {
        var x = graph.input("x", Type.f32(2, 5, 8));
        graph.output(
                "y",
                x.mul(graph.input("f", Type.f32(2, 1, 1)))
                        .add(graph.input("b", Type.f32(8)))
                        .cast(DType.BFLOAT16));
        var expected = new NodeCost(OperatorClass.ROWS, 0, 0, 2 * 80, 4 * (80 + 2 + 8), 2 * 80, 1);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void sumsOfAFormulaAreWrittenByEachBlockAndAddedUpByASecondKernel() {
        var x = graph.input("x", Type.f32(40, 8));
        var y = x.exp().mul(2);
        graph.output("y", y);
        graph.output("sum", y.sum(false, 0));
        // 128 threads, 8 to a row: 16 rows of a block at once, so 3 blocks
        var parts = 3 * 4 * 8;
        var expected = new NodeCost(OperatorClass.ROWS, 0, 0, 3 * 320, 4 * 320 + parts, 4 * 320 + 4 * 8 + parts, 2);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void attentionReadsKeysOnceForEachPartOfTheTokens() {
        var qkv = graph.input("qkv", bf16(1, 200, 3 * 16));
        graph.output("y", qkv.attention(1));
        var padded = 208; // 13 strips of 16 tokens, two parts of eight strips
        var part = 2 * 200 * 16;
        var expected = new NodeCost(
                OperatorClass.ATTENTION,
                4.0 * padded * padded * 16,
                0,
                5.0 * padded * padded,
                part + 2 * 2 * part,
                part + 4 * 200,
                1);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void productsOfFloatsInAttentionAreRounded() {
        var qkv = graph.input("qkv", Type.f32(1, 48, 3 * 16));
        graph.output("y", qkv.attention(1));
        var part = 4 * 48 * 16;
        var expected =
                new NodeCost(OperatorClass.ATTENTION, 0, 4 * 48 * 48 * 16, 5 * 48 * 48, 3 * part, part + 4 * 48, 1);
        assertEquals(List.of(expected), costs());
    }

    @Test
    void anotherShapeAndWhatFollowsFromConstantsTakeNothing() {
        var x = graph.input("x", bf16(8, 4));
        var halves = graph.constant(Tensor.filled(Shape.of(8, 4), 0.5)).cast(DType.BFLOAT16);
        graph.output("y", x.reshape(4, 8));
        graph.output("z", halves);
        assertEquals(List.of(), costs());
    }

    @Test
    void aSliceReadsWhatItGives() {
        graph.output("y", graph.input("x", Type.f32(7, 100)).slice(1, 3, 5));
        assertEquals(List.of(NodeCost.simple(OperatorClass.LAYOUT, 0, 4 * 14, 4 * 14)), costs());
    }

    @Test
    void aReductionAndAFunctionArePassesOfTheirOwnInPortableGraphs() {
        graph.output("y", graph.input("x", Type.f32(6, 5)).exp().sum(false, 1));
        var exp = NodeCost.simple(OperatorClass.OTHER, 30, 4 * 30, 4 * 30);
        var sum = NodeCost.simple(OperatorClass.REDUCTIONS, 30, 4 * 30, 4 * 6);
        assertEquals(List.of(exp, sum), costs(Target.PORTABLE));
    }

    @Test
    void operatorsOfHostCoresHaveNoCudaKernel() {
        graph.output("y", graph.input("x", Type.f32(6, 8)).gelu());
        assertThrows(BadInputException.class, () -> costs(Target.ORT));
    }

    @Test
    void aKernelTakesTheLongerOfItsBoundsAndItsLaunch() {
        var device = new Device("test", new Speed(100, 10, 50, 1), "sm_90");
        var product = new NodeCost(OperatorClass.PRODUCTS, 1000, 0, 0, 60, 40, 1); // 10 s of products, 2 s of memory
        var rounded = new NodeCost(OperatorClass.PRODUCTS, 0, 1000, 0, 0, 0, 2); // 20 s
        var copy = NodeCost.simple(OperatorClass.LAYOUT, 10, 100, 50); // 1 s of operations, 3 s of memory
        var roofline = Roofline.of(
                device, List.of(new StageCosts(1, List.of(product, rounded)), new StageCosts(2, List.of(copy))));
        assertEquals(10 + 20 + 2 * 3 + 3 + 2, roofline.sum().seconds(), 1e-9);
        assertEquals(5, roofline.sum().launches());
        assertEquals(100 + 2 * 150, roofline.sum().bytes());
        assertEquals(
                2 * 10,
                roofline.json().get("classes").get("layout").get("flops").asDouble());
        assertEquals(
                33e3, roofline.json().get("classes").get("products").get("ms").asDouble(), 1e-6);
    }

    @Test
    void linesHaveOneWidth() {
        var copy = NodeCost.simple(OperatorClass.LAYOUT, 0, 100_000_000_000L, 50);
        var lines = Roofline.of(Device.of("l4"), List.of(new StageCosts(1, List.of(copy))))
                .lines();
        assertEquals(4, lines.size());
        assertEquals(1, lines.stream().skip(1).map(String::length).distinct().count());
    }

    @Test
    void aDeviceIsANameOrThreeNumbers() {
        assertEquals(
                new Speed(250e12, 250e12, 2e12, 3e-6), Device.of("250,2000,3").speed());
        for (var wrong : List.of("h300", "H100", "1,2", "1,2,3,4", "0,1,1", "1,-1,1", "a,b,c", "1,NaN,1", "")) {
            var fault = assertThrows(BadInputException.class, () -> Device.of(wrong), wrong);
            assertTrue(fault.getMessage().startsWith("--roofline " + wrong), fault.getMessage());
        }
    }

    @Test
    void aDeviceIsKnownByWhatItCallsItself() {
        assertEquals(
                "H100", Device.called("NVIDIA H100 80GB HBM3").orElseThrow().name());
        assertEquals(
                "A100", Device.called("NVIDIA A100-SXM4-80GB").orElseThrow().name());
        assertEquals(
                "RTX 4090",
                Device.called("NVIDIA GeForce RTX 4090").orElseThrow().name());
        assertEquals("L4", Device.called("NVIDIA L4").orElseThrow().name());
        assertTrue(Device.called("NVIDIA L40S").isEmpty());
    }
}
