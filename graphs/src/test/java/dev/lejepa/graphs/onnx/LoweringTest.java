package dev.lejepa.graphs.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a lowered graph looks like, whatever it computes.
final class LoweringTest {
    private static GraphProto lower(Graph g, Target target) {
        return Lowering.lower(g, target, Map.of()).proto().getGraph();
    }

    @Test
    void nodesAreNamedAfterTheirScopeAndOutputsByTheirLabels() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2, 2));
        g.output("y", g.at("blocks.0.attn", "", () -> x.matmul(x).exp()));
        var nodes = lower(g, Target.PORTABLE).getNodeList();
        assertEquals(
                List.of("blocks.0.attn/MatMul_1", "blocks.0.attn/Exp_2"),
                nodes.stream().map(NodeProto::getName).toList());
        assertEquals(List.of("y"), nodes.getLast().getOutputList());
    }

    @Test
    void aGraphForADeviceTellsThatItHasConvolutions() {
        var x = Shape.of(2, 8, 8, 4);
        assertTrue(convolution(DType.BFLOAT16, ImageLayout.NHWC, x).convolves());
        assertFalse(convolution(DType.FLOAT32, ImageLayout.NCHW, x).convolves(), "which are ONNX Runtime's there");
    }

    private static DeviceFormulas convolution(DType type, ImageLayout layout, Shape maps) {
        var g = new Graph("g");
        var x = g.input("x", new Type(type, maps));
        var channels = layout == ImageLayout.NHWC ? maps.dim(3) : maps.dim(1);
        var w = g.input("w", new Type(type, Shape.of(6, channels, 3, 3)));
        g.output(
                "y",
                g.apply(new Convolution.Conv(Window.square(3, 1, 1), 1, layout, type), x, w)
                        .getFirst());
        return DeviceFormulas.in("g", Lowering.lower(g, Target.CUDA, Map.of()).proto());
    }

    @Test
    void inputsAndSharedValuesReachOutputsThroughIdentity() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2));
        var y = x.exp();
        g.output("same", x);
        g.output("detached", x.stopGradient());
        g.output("first", y);
        g.output("second", y);
        var lowered = lower(g, Target.PORTABLE);
        assertEquals(
                List.of("same", "detached", "first", "second"),
                lowered.getOutputList().stream().map(ValueInfoProto::getName).toList());
        assertEquals(3, count(lowered, "Identity"));
    }

    @Test
    void portableTrainingGraphsLackTheOperatorThatVersionsRoundDifferently() {
        var training = lower(layerNorm(true), Target.PORTABLE);
        assertEquals(0, count(training, "LayerNormalization"));
        assertEquals(2, count(training, "ReduceMean"));
        assertEquals(1, count(lower(layerNorm(false), Target.PORTABLE), "LayerNormalization"));
        assertEquals(1, count(lower(layerNorm(true), Target.ORT), "LayerNormalization"));
    }

    private static Graph layerNorm(boolean statistics) {
        var g = new Graph("g");
        var scale = g.input("scale", Type.f32(4));
        var results = g.apply(new Norm.LayerNorm(1e-6), g.input("x", Type.f32(2, 4)), scale, scale);
        g.output("y", results.getFirst());
        if (statistics) {
            g.output("inv", results.getLast());
        }
        return g;
    }

    @Test
    void deadNodesAreLeftOutAndInputsStay() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2));
        g.input("unused", Type.f32(3));
        x.log();
        g.output("y", x.exp());
        var lowered = lower(g, Target.PORTABLE);
        assertEquals(1, lowered.getNodeCount());
        assertEquals(
                List.of("x", "unused"),
                lowered.getInputList().stream().map(ValueInfoProto::getName).toList());
    }

    @Test
    void equalConstantsAreOneInitializer() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2));
        g.output("y", x.mul(3).add(3).mul(g.constant(Tensor.of(Shape.of(1), 3f))));
        assertEquals(2, lower(g, Target.PORTABLE).getInitializerCount());
    }

    @Test
    void aFreeBatchIsOneSymbolWhereverItGoes() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(Shape.batched(1, 5, 4)));
        g.output("y", x.reshape(5, 4).exp().reshape(1, 20));
        var lowered = lower(g, Target.PORTABLE);
        assertEquals("x float[batch, 5, 4]", OnnxText.describe(lowered.getInput(0)));
        assertEquals("Reshape_1 float[5*batch, 4]", OnnxText.describe(lowered.getValueInfo(0)));
        assertEquals("y float[batch, 20]", OnnxText.describe(lowered.getOutput(0)));
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyIntermediateValueHasItsType(Target target) {
        var lowered = lower(SampleGraphs.sigreg(), target);
        var typed = new HashSet<String>();
        Stream.of(lowered.getValueInfoList(), lowered.getOutputList())
                .flatMap(List::stream)
                .forEach(v -> typed.add(v.getName()));
        lowered.getNodeList().forEach(n -> assertTrue(typed.containsAll(n.getOutputList()), n.getName()));
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void nodesComeAfterWhatTheyRead(Target target) {
        for (var g : SampleGraphs.all()) {
            var lowered = lower(g, target);
            var known = new HashSet<String>();
            lowered.getInputList().forEach(v -> known.add(v.getName()));
            lowered.getInitializerList().forEach(t -> known.add(t.getName()));
            for (var n : lowered.getNodeList()) {
                assertTrue(known.containsAll(n.getInputList()), n.getName());
                known.addAll(n.getOutputList());
            }
        }
    }

    @Test
    void portableGraphsUseStandardOperatorsAlone() {
        for (var g : SampleGraphs.all()) {
            var model = Lowering.lower(g, Target.PORTABLE, Map.of()).proto();
            assertEquals(1, model.getOpsetImportCount());
            assertFalse(model.getGraph().getNodeList().stream().anyMatch(NodeProto::hasDomain));
        }
    }

    private static long count(GraphProto g, String op) {
        return g.getNodeList().stream().filter(n -> n.getOpType().equals(op)).count();
    }
}
