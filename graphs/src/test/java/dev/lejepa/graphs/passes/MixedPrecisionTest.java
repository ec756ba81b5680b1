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
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
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
