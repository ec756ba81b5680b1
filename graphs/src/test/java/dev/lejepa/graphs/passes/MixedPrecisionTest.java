package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MixedPrecisionTest {
    private static final List<String> PARAMETERS =
            List.of("scale", "shift", "qkv.weight", "qkv.bias", "proj.weight", "fc1.weight", "fc1.bias", "fc2.weight");

    /// A transformer block of width 8, its mean square as the loss, and the gradients of all parameters.
    private static Graph block() {
        var g = new Graph("block");
        var x = g.input("x", Type.f32(2, 5, 8));
        var scale = g.input("scale", Type.f32(8));
        var shift = g.input("shift", Type.f32(8));
        var qkv = linear(
                norm(x, scale, shift), g.input("qkv.weight", Type.f32(24, 8)), g.input("qkv.bias", Type.f32(24)));
        var context = qkv.reshape(2, 5, 24).attention(2).reshape(10, 8);
        var y = x.add(context.gemm(g.input("proj.weight", Type.f32(8, 8)), false, true)
                .reshape(2, 5, 8));
        var hidden = linear(
                        norm(y, scale, shift),
                        g.input("fc1.weight", Type.f32(32, 8)),
                        g.input("fc1.bias", Type.f32(32)))
                .gelu();
        var z = y.add(
                hidden.gemm(g.input("fc2.weight", Type.f32(8, 32)), false, true).reshape(2, 5, 8));
        var loss = z.square().mean();
        g.output("loss", loss);
        var wrt = PARAMETERS.stream().map(g.inputs()::get).toList();
        var gradients = Autodiff.gradients(loss, wrt);
        for (var i = 0; i < wrt.size(); i++) {
            g.output("grad/" + PARAMETERS.get(i), gradients.get(i));
        }
        return simplified(g);
    }

    private static Value norm(Value x, Value scale, Value shift) {
        return x.layerNorm(scale, shift, 1e-6).reshape(10, 8);
    }

    private static Value linear(Value rows, Value weight, Value bias) {
        return rows.gemm(weight, false, true, bias);
    }

    private static Graph simplified(Graph g) {
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(g)));
    }

    private static Graph mixed(Graph g) {
        Function<String, Optional<String>> copies =
                name -> PARAMETERS.contains(name) ? Optional.of("copy/" + name) : Optional.empty();
        return simplified(MixedPrecision.apply(g, copies));
    }

    @Test
    void lossAndGradientsDifferFromFloat32OnlyByRounding() {
        var wide = block();
        var narrow = mixed(wide);
        var feeds = feeds(wide);
        var expected = Interpreter.evaluate(wide, feeds);
        var found = Interpreter.evaluate(narrow, feeds);
        assertEquals(
                expected.get("loss").item(),
                found.get("loss").item(),
                1e-2 * expected.get("loss").item());
        expected.forEach((name, y) -> {
            assertEquals(
                    wide.outputs().get(name).type(), narrow.outputs().get(name).type(), name);
            // Roundings of 2^-9 in five products one after the other, relative to the norm.
            assertTrue(distance(y, found.get(name)) < 5e-2 * norm(y), name);
            // and some there are: the graph does compute with fewer digits
            assertFalse(Arrays.equals(y.data(), found.get(name).data()), name);
        });
    }

    /// Two convolutions with a norm, a gate and a shortcut between them, the mean as the loss, and gradients.
    private static Graph convNet() {
        var g = new Graph("conv net");
        var layout = ImageLayout.NHWC;
        var window = Window.square(3, 1, 1);
        var weights = g.input("weights", Type.f32(4, 4, 3, 3));
        var shortcut = g.input("x", Type.f32(2, 6, 5, 4)).conv(weights, window, 1, layout);
        var c = g.input("scale", Type.f32(4));
        var normed = g.apply(new Norm.BatchNorm(layout.channelAxis(), 1e-5, 0.1), shortcut, c, c, c, c)
                .getFirst();
        var dropped = normed.silu().mul(g.input("draw", Type.f32(2, 1, 1, 1)));
        var maps = dropped.add(shortcut).relu();
        var loss =
                maps.conv(weights, window, 1, layout).mean(false, 1, 2).square().mean();
        g.output("loss", loss);
        var wrt = List.of(g.inputs().get("weights"), g.inputs().get("scale"));
        var gradients = Autodiff.gradients(loss, wrt);
        g.output("grad/weights", gradients.get(0));
        g.output("grad/scale", gradients.get(1));
        return simplified(g);
    }

    @Test
    void mapsBetweenConvolutionsAreBfloat16() {
        var wide = convNet();
        var narrow = mixed(wide);
        var elementwise = Set.of("Silu", "SiluGrad", "Relu", "ReluGrad", "Add");
        var maps = narrow.nodes().stream()
                .filter(n -> elementwise.contains(n.op().name())
                        && n.output().shape().equals(Shape.of(2, 6, 5, 4)))
                .toList();
        assertEquals(elementwise, maps.stream().map(n -> n.op().name()).collect(Collectors.toSet()));
        maps.forEach(n -> assertEquals(DType.BFLOAT16, n.output().type().dtype(), n.toString()));
        var feeds = feeds(wide);
        var expected = Interpreter.evaluate(wide, feeds);
        Interpreter.evaluate(narrow, feeds).forEach((name, found) -> {
            assertEquals(
                    wide.outputs().get(name).type(), narrow.outputs().get(name).type(), name);
            // roundings of 2^-9, a dozen one after the other
            assertTrue(distance(expected.get(name), found) < 5e-2 * norm(expected.get(name)), name);
        });
    }

    @Test
    void parametersThatOnlyProductsReadAreReadAsCopies() {
        var inputs = mixed(block()).inputs();
        assertEquals(
                List.of(
                        "x",
                        "scale",
                        "shift",
                        "copy/qkv.weight",
                        "qkv.bias",
                        "copy/proj.weight",
                        "copy/fc1.weight",
                        "fc1.bias",
                        "copy/fc2.weight"),
                List.copyOf(inputs.keySet()));
        assertEquals(DType.BFLOAT16, inputs.get("copy/qkv.weight").type().dtype());
    }

    @Test
    void noValueIsConvertedTwiceOrBackAndForth() {
        var casts = mixed(block()).nodes().stream()
                .filter(n -> n.op() instanceof Elementwise.Cast)
                .toList();
        assertEquals(casts.size(), casts.stream().map(Node::inputs).distinct().count());
        for (var cast : casts) {
            var from = cast.inputs().getFirst().node();
            assertFalse(from.op() instanceof Elementwise.Cast, cast.toString());
            assertFalse(
                    from.op() instanceof Movement.Reshape
                            && from.inputs().getFirst().node().op() instanceof Elementwise.Cast,
                    cast.toString());
        }
    }

    /// Rounded are the cotangents of the two residual branches alone, and the row of ones that sums up biases.
    @Test
    void aBlockNeedsTwoConversionsOfActivations() {
        var casts = mixed(block()).nodes().stream()
                .filter(n -> n.op() instanceof Elementwise.Cast)
                .filter(n -> n.output().shape().size() == 80)
                .count();
        assertEquals(2, casts);
    }

    @Test
    void bfloat16RoundsToTheNearestEven() {
        assertEquals(1, BFloat16.round(1 + 1f / 256));
        assertEquals(1 + 1f / 64, BFloat16.round(1 + 3f / 256));
        assertEquals(-1 - 1f / 128, BFloat16.round(-1 - 1f / 200));
        assertEquals(Float.POSITIVE_INFINITY, BFloat16.round(Float.MAX_VALUE));
        assertTrue(Float.isNaN(BFloat16.round(Float.intBitsToFloat(0x7f800001))));
    }

    private static Map<String, NdArray> feeds(Graph g) {
        var random = new Random(5);
        var feeds = new HashMap<String, NdArray>();
        g.inputs().forEach((name, v) -> {
            var data = new double[Math.toIntExact(v.shape().size())];
            Arrays.setAll(data, i -> (float) (0.5 * random.nextGaussian()));
            feeds.put(name, NdArray.of(v.shape(), data));
            feeds.put("copy/" + name, NdArray.of(v.shape(), data));
        });
        return feeds;
    }

    private static double distance(NdArray a, NdArray b) {
        var sum = 0.0;
        for (var i = 0; i < a.size(); i++) {
            sum += (a.get(i) - b.get(i)) * (a.get(i) - b.get(i));
        }
        return Math.sqrt(sum);
    }

    private static double norm(NdArray a) {
        return distance(a, NdArray.zeros(Shape.of(a.shape().dims())));
    }
}
