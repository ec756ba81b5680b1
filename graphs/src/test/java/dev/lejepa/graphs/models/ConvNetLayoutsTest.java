package dev.lejepa.graphs.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Setting;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// ConvNets compute the same in both layouts of maps: weights, buffers and results have one form.
class ConvNetLayoutsTest {
    private static final int IMAGES = 2;

    static Stream<BackboneSpec> models() {
        return Stream.of(
                resNet("seresnet50"),
                resNet("ecaresnet26t"),
                resNet("resnetaa34d"),
                convNeXt("convnext_atto"),
                convNeXt("convnextv2_tiny"),
                BackboneSpec.named("regnety_002").with("depth", 5).with("w0", 8).with("wa", 9.0),
                BackboneSpec.named("tf_mobilenetv3_small_075"));
    }

    private static BackboneSpec resNet(String name) {
        return BackboneSpec.named(name).with("layers", list(1, 1, 1, 1)).with("channels", list(4, 6, 8, 10));
    }

    private static BackboneSpec convNeXt(String name) {
        return BackboneSpec.named(name).with("depths", list(1, 1, 1, 1)).with("dims", list(4, 6, 8, 10));
    }

    private static Setting list(long... sizes) {
        return new Setting.Listing(Arrays.stream(sizes)
                .mapToObj(n -> (Setting) new Setting.Whole(n))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("models")
    void bothLayoutsComputeTheSame(BackboneSpec spec) {
        var model = Registry.build(spec.with("drop_path_rate", 0.3).with("num_classes", 3));
        var first = results(model, ImageLayout.NCHW);
        var second = results(model, ImageLayout.NHWC);
        assertEquals(first.keySet(), second.keySet());
        first.forEach((name, expected) ->
                assertArrayEquals(expected.data(), second.get(name).data(), 1e-9, name)); // sums in another order
    }

    /// Logits, tokens, what each block makes, and the new buffers, in training.
    private static Map<String, NdArray> results(Backbone model, ImageLayout layout) {
        var graph = new Graph("model");
        var declared = new Declarations(graph);
        var s = Scope.root(declared, Mode.TRAIN, layout);
        var images = graph.input("images", shape(model));
        var features = model.features(s, images);
        graph.output("tokens", features.tokens());
        graph.output("logits", model.head(s, model.pool(s, features)));
        declared.buffers().forEach(b -> graph.output("new/" + b.name(), b.current()));
        var last = model.blocks().size() - 1;
        graph.output(
                "block", model.intermediates(s, images, Set.of(last)).getFirst().tokens());
        var feeds = new HashMap<String, NdArray>();
        graph.inputs().forEach((name, input) -> feeds.put(name, random(name, input.shape())));
        return Interpreter.evaluate(graph, feeds);
    }

    /// Images of odd sides, where the model takes them.
    private static Type shape(Backbone model) {
        return model.checkImage(36, 33).isPresent() ? Type.f32(IMAGES, 3, 32, 64) : Type.f32(IMAGES, 3, 36, 33);
    }

    /// Numbers that depend on the name alone. Those of drop path's masks are none that it would draw, and as good.
    private static NdArray random(String name, Shape shape) {
        var source = new Random(name.hashCode());
        var values = source.doubles(shape.size(), 0.1, 0.5).toArray();
        if (shape.rank() == 4 && !name.startsWith("draw")) {
            Arrays.setAll(values, i -> values[i] - 0.3);
        }
        return NdArray.of(shape, values);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyBlockIsThereOnce(BackboneSpec spec) {
        var blocks = Registry.build(spec).blocks();
        assertEquals(blocks.stream().distinct().toList(), blocks);
        assertEquals(List.of(), Registry.build(spec).attentions());
    }
}
