package dev.lejepa.graphs.models;

import static dev.lejepa.graphs.models.MobileStage.convolution;
import static dev.lejepa.graphs.models.MobileStage.edge;
import static dev.lejepa.graphs.models.MobileStage.inverted;
import static dev.lejepa.graphs.models.MobileStage.of;
import static dev.lejepa.graphs.models.MobileStage.separable;

import dev.lejepa.graphs.models.ConvNorm.Padding;
import dev.lejepa.graphs.models.MobileBlock.Kind;
import dev.lejepa.graphs.models.MobileBlock.Spec;
import dev.lejepa.graphs.models.MobileStage.Row;
import dev.lejepa.graphs.nn.Act;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// timm's names of EfficientNets, with the arguments that they stand for. Names that begin with `tf_` are models whose
/// padding and BatchNorm are TensorFlow's.
final class EfficientNetNames {
    private final SequencedMap<String, Backbone> models = new LinkedHashMap<>();

    private EfficientNetNames() {}

    static SequencedMap<String, Backbone> table() {
        var names = new EfficientNetNames();
        names.first("efficientnet_", Padding.HALF, new int[] {224, 240, 256, 288, 320, 448, 528, 600, 672, 800});
        names.first("tf_efficientnet_", Padding.SAME, new int[] {224, 240, 260, 300, 380, 456, 528, 600, 672, 475});
        for (var padding : Padding.values()) {
            var prefix = padding == Padding.SAME ? "tf_" : "";
            names.edgeTpu(prefix + "efficientnet_", padding);
            names.lite(prefix + "efficientnet_lite", padding);
        }
        names.second("efficientnetv2_", Padding.HALF, new int[] {288, 320, 384, 384});
        names.second("tf_efficientnetv2_", Padding.SAME, new int[] {300, 384, 384, 384});
        names.secondBase();
        names.secondByWightman();
        names.tiny();
        return names.models;
    }

    private static final List<MobileStage> FIRST = List.of(
            of(separable(1, 3, 1, 16, 0.25)),
            of(inverted(2, 3, 2, 6, 24, 0.25)),
            of(inverted(2, 5, 2, 6, 40, 0.25)),
            of(inverted(3, 3, 2, 6, 80, 0.25)),
            of(inverted(3, 5, 1, 6, 112, 0.25)),
            of(inverted(4, 5, 2, 6, 192, 0.25)),
            of(inverted(1, 3, 1, 6, 320, 0.25)));

    /// B0 to B8 and L2.
    private void first(String prefix, Padding padding, int[] pixels) {
        var widths = new double[] {1, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 4.3};
        var depths = new double[] {1, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1, 3.6, 5.3};
        for (var i = 0; i < pixels.length; i++) {
            var name = prefix + (i == 9 ? "l2" : "b" + i);
            models.put(
                    name,
                    new MobileScaling(widths[i], depths[i]).padded(padding).build(pixels[i], FIRST, 32, 1280));
        }
    }

    /// Without gates, and with ReLU6; the first stage, the last one and the ends are as they are at width and depth 1.
    private void lite(String prefix, Padding padding) {
        var stages = List.of(
                of(separable(1, 3, 1, 16, 0)),
                of(inverted(2, 3, 2, 6, 24, 0)),
                of(inverted(2, 5, 2, 6, 40, 0)),
                of(inverted(3, 3, 2, 6, 80, 0)),
                of(inverted(3, 5, 1, 6, 112, 0)),
                of(inverted(4, 5, 2, 6, 192, 0)),
                of(inverted(1, 3, 1, 6, 320, 0)));
        var pixels = new int[] {224, 240, 260, 300, 380};
        var widths = new double[] {1, 1, 1.1, 1.2, 1.4};
        var depths = new double[] {1, 1.1, 1.2, 1.4, 1.8};
        for (var i = 0; i < pixels.length; i++) {
            var scaling = new MobileScaling(widths[i], depths[i])
                    .padded(padding)
                    .with(Act.RELU6)
                    .withFixedEnds();
            models.put(prefix + i, scaling.build(pixels[i], stages, 32, 1280));
        }
    }

    /// Small, medium and large models for edge processors.
    private void edgeTpu(String prefix, Padding padding) {
        var first = new Spec(Kind.EDGE, 3, 1, 4, 24, 24, 0, Optional.empty(), false);
        var stages = List.of(
                of(new Row(1, first)),
                of(edge(2, 3, 2, 8, 32)),
                of(edge(4, 3, 2, 8, 48)),
                of(inverted(5, 5, 2, 8, 96, 0)),
                of(inverted(4, 5, 1, 8, 144, 0)),
                of(inverted(2, 5, 2, 8, 192, 0)));
        var small = new MobileScaling(1, 1).padded(padding).with(Act.RELU);
        var medium = new MobileScaling(1, 1.1).padded(padding).with(Act.RELU);
        var large = new MobileScaling(1.2, 1.4).padded(padding).with(Act.RELU);
        models.put(prefix + "es", small.build(224, stages, 32, 1280));
        models.put(prefix + "em", medium.build(240, stages, 32, 1280));
        models.put(prefix + "el", large.build(300, stages, 32, 1280));
        if (padding == Padding.HALF) {
            models.put(prefix + "es_pruned", small.build(224, stages, 32, 1280));
            models.put(prefix + "el_pruned", large.build(300, stages, 32, 1280));
        }
    }

    private static List<MobileStage> smallV2(MobileStage first, int last) {
        return List.of(
                first,
                of(edge(4, 3, 2, 4, 48)),
                of(edge(4, 3, 2, 4, 64)),
                of(inverted(6, 3, 2, 4, 128, 0.25)),
                of(inverted(9, 3, 1, 6, 160, 0.25)),
                of(inverted(15, 3, 2, 6, last, 0.25)));
    }

    private static List<MobileStage> largeV2(int[] repeats, int[] channels) {
        return List.of(
                of(convolution(repeats[0], 3, channels[0], true)),
                of(edge(repeats[1], 3, 2, 4, channels[1])),
                of(edge(repeats[2], 3, 2, 4, channels[2])),
                of(inverted(repeats[3], 3, 2, 4, channels[3], 0.25)),
                of(inverted(repeats[4], 3, 1, 6, channels[4], 0.25)),
                of(inverted(repeats[5], 3, 2, 6, channels[5], 0.25)),
                of(inverted(repeats[6], 3, 1, 6, channels[6], 0.25)));
    }

    /// EfficientNetV2 in four sizes.
    private void second(String prefix, Padding padding, int[] pixels) {
        var scaling = new MobileScaling(1, 1).padded(padding);
        var small = smallV2(of(convolution(2, 3, 24, true)), 256);
        var medium = largeV2(new int[] {3, 5, 5, 7, 14, 18, 5}, new int[] {24, 48, 80, 160, 176, 304, 512});
        var large = largeV2(new int[] {4, 7, 7, 10, 19, 25, 7}, new int[] {32, 64, 96, 192, 224, 384, 640});
        var largest = largeV2(new int[] {4, 8, 8, 16, 24, 32, 8}, new int[] {32, 64, 96, 192, 256, 512, 640});
        models.put(prefix + "s", scaling.build(pixels[0], small, 24, 1280));
        models.put(prefix + "m", scaling.build(pixels[1], medium, 24, 1280));
        models.put(prefix + "l", scaling.build(pixels[2], large, 32, 1280));
        models.put(prefix + "xl", scaling.build(pixels[3], largest, 32, 1280));
    }

    /// EfficientNetV2 at the sizes of the first version.
    private void secondBase() {
        var stages = List.of(
                of(convolution(1, 3, 16, true)),
                of(edge(2, 3, 2, 4, 32)),
                of(edge(2, 3, 2, 4, 48)),
                of(inverted(3, 3, 2, 4, 96, 0.25)),
                of(inverted(5, 3, 1, 6, 112, 0.25)),
                of(inverted(8, 3, 2, 6, 192, 0.25)));
        var pixels = new int[] {192, 192, 208, 240};
        var widths = new double[] {1, 1, 1.1, 1.2};
        var depths = new double[] {1, 1.1, 1.2, 1.4};
        for (var i = 0; i < pixels.length; i++) {
            var scaling =
                    new MobileScaling(widths[i], depths[i]).padded(Padding.SAME).withLimit(0);
            models.put("tf_efficientnetv2_b" + i, scaling.build(pixels[i], stages, 32, 1280));
        }
    }

    /// Models that were made before the authors' own were known.
    private void secondByWightman() {
        var tiny = smallV2(of(convolution(2, 3, 24, true)), 256);
        var small = smallV2(of(edge(2, 3, 1, 1, 24)), 272);
        models.put("efficientnetv2_rw_t", new MobileScaling(0.8, 0.9).build(224, tiny, 24, 1280));
        models.put("efficientnetv2_rw_s", new MobileScaling(1, 1).build(288, small, 24, 1792));
        models.put(
                "efficientnetv2_rw_m",
                new MobileScaling(1.2, 1)
                        .withDepths(1.2, 1.2, 1.2, 1.2, 1.6, 1.6)
                        .build(320, small, 24, 1792));
    }

    /// TinyNet (arXiv:2010.14819): narrower and shallower, at smaller images.
    private void tiny() {
        models.put("tinynet_a", new MobileScaling(1, 1.2).shrunk().build(192, FIRST, 32, 1280));
        models.put("tinynet_b", new MobileScaling(0.75, 1.1).shrunk().build(188, FIRST, 32, 1280));
        models.put("tinynet_c", new MobileScaling(0.54, 0.85).shrunk().build(184, FIRST, 32, 1280));
        models.put("tinynet_d", new MobileScaling(0.54, 0.695).shrunk().build(152, FIRST, 32, 1280));
        models.put("tinynet_e", new MobileScaling(0.51, 0.6).shrunk().build(106, FIRST, 32, 1280));
    }
}
