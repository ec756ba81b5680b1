package dev.lejepa.graphs.models;

import static dev.lejepa.graphs.models.MobileStage.convolution;
import static dev.lejepa.graphs.models.MobileStage.inverted;
import static dev.lejepa.graphs.models.MobileStage.of;
import static dev.lejepa.graphs.models.MobileStage.row;
import static dev.lejepa.graphs.models.MobileStage.separable;

import dev.lejepa.graphs.models.ConvNorm.Padding;
import dev.lejepa.graphs.models.EfficientNet.Head;
import dev.lejepa.graphs.models.Gates.Rounding;
import dev.lejepa.graphs.models.MobileBlock.Kind;
import dev.lejepa.graphs.models.MobileScaling.Features;
import dev.lejepa.graphs.nn.Act;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// timm's names of mobile networks, with the arguments that they stand for. Names that begin with `tf_` are models whose
/// padding and BatchNorm are TensorFlow's.
final class MobileNetNames {
    private static final List<MobileStage> SMALL = List.of(
            of(separable(1, 3, 2, 16, 0.25).with(Act.RELU)),
            of(
                    inverted(1, 3, 2, 4.5, 24, 0).with(Act.RELU),
                    inverted(1, 3, 1, 3.67, 24, 0).with(Act.RELU)),
            of(inverted(1, 5, 2, 4, 40, 0.25), inverted(2, 5, 1, 6, 40, 0.25)),
            of(inverted(2, 5, 1, 3, 48, 0.25)),
            of(inverted(3, 5, 2, 6, 96, 0.25)),
            of(convolution(1, 1, 576, false)));

    private static final List<MobileStage> LARGE =
            large(separable(1, 3, 1, 16, 0).with(Act.RELU));

    private final SequencedMap<String, Backbone> models = new LinkedHashMap<>();

    private MobileNetNames() {}

    static SequencedMap<String, Backbone> table() {
        var names = new MobileNetNames();
        names.third();
        names.thirdMinimal();
        names.thirdByWightman();
        names.lc();
        names.first();
        names.second();
        names.searched();
        return names.models;
    }

    private static List<MobileStage> large(MobileStage.Row first) {
        return List.of(
                of(first),
                of(
                        inverted(1, 3, 2, 4, 24, 0).with(Act.RELU),
                        inverted(1, 3, 1, 3, 24, 0).with(Act.RELU)),
                of(inverted(3, 5, 2, 3, 40, 0.25).with(Act.RELU)),
                of(inverted(1, 3, 2, 6, 80, 0), inverted(1, 3, 1, 2.5, 80, 0), inverted(2, 3, 1, 2.3, 80, 0)),
                of(inverted(2, 3, 1, 6, 112, 0.25)),
                of(inverted(3, 5, 2, 6, 160, 0.25)),
                of(convolution(1, 1, 960, false)));
    }

    /// MobileNetV3.
    private void third() {
        models.put("mobilenetv3_large_075", MobileScaling.mobile(0.75, 1).build(224, LARGE, 16, 1280));
        models.put("mobilenetv3_large_100", MobileScaling.mobile(1, 1).build(224, LARGE, 16, 1280));
        models.put("mobilenetv3_large_150d", MobileScaling.mobile(1.5, 1.2).build(256, LARGE, 16, 1280));
        models.put("mobilenetv3_small_050", MobileScaling.mobile(0.5, 1).build(224, SMALL, 16, 1024));
        models.put("mobilenetv3_small_075", MobileScaling.mobile(0.75, 1).build(224, SMALL, 16, 1024));
        models.put("mobilenetv3_small_100", MobileScaling.mobile(1, 1).build(224, SMALL, 16, 1024));
        models.put("tf_mobilenetv3_large_075", tensorflow(0.75).build(224, LARGE, 16, 1280));
        models.put("tf_mobilenetv3_large_100", tensorflow(1).build(224, LARGE, 16, 1280));
        models.put("tf_mobilenetv3_small_075", tensorflow(0.75).build(224, SMALL, 16, 1024));
        models.put("tf_mobilenetv3_small_100", tensorflow(1).build(224, SMALL, 16, 1024));
    }

    private static MobileScaling tensorflow(double width) {
        return MobileScaling.mobile(width, 1).padded(Padding.SAME);
    }

    /// With kernels of 3, ReLU, and without gates.
    private void thirdMinimal() {
        var large = List.of(
                of(separable(1, 3, 1, 16, 0)),
                of(inverted(1, 3, 2, 4, 24, 0), inverted(1, 3, 1, 3, 24, 0)),
                of(inverted(3, 3, 2, 3, 40, 0)),
                of(inverted(1, 3, 2, 6, 80, 0), inverted(1, 3, 1, 2.5, 80, 0), inverted(2, 3, 1, 2.3, 80, 0)),
                of(inverted(2, 3, 1, 6, 112, 0)),
                of(inverted(3, 3, 2, 6, 160, 0)),
                of(convolution(1, 1, 960, false)));
        var small = List.of(
                of(separable(1, 3, 2, 16, 0)),
                of(inverted(1, 3, 2, 4.5, 24, 0), inverted(1, 3, 1, 3.67, 24, 0)),
                of(inverted(1, 3, 2, 4, 40, 0), inverted(2, 3, 1, 6, 40, 0)),
                of(inverted(2, 3, 1, 3, 48, 0)),
                of(inverted(3, 3, 2, 6, 96, 0)),
                of(convolution(1, 1, 576, false)));
        var scaling = tensorflow(1).with(Act.RELU);
        models.put("tf_mobilenetv3_large_minimal_100", scaling.build(224, large, 16, 1280));
        models.put("tf_mobilenetv3_small_minimal_100", scaling.build(224, small, 16, 1024));
    }

    /// A model that was made before the authors' own was known.
    private void thirdByWightman() {
        var gates = new Gates(Act.HARD_SIGMOID, Optional.empty(), Rounding.NEAREST, true);
        var scaling = MobileScaling.mobile(1, 1).with(gates, Head.AFTER_MEAN_UNBIASED);
        var first = separable(1, 3, 1, 16, 0).with(Act.RELU).withoutSkip();
        models.put("mobilenetv3_rw", scaling.withEpsilon(1e-3).build(224, large(first), 16, 1280));
        fb(gates);
    }

    /// FBNetV3 (arXiv:2006.02049).
    private void fb(Gates like) {
        var gates = new Gates(like.gate(), like.act(), Rounding.NEAR_EIGHTS, false);
        var scaling =
                MobileScaling.mobile(1, 1).with(gates, Head.AFTER_MEAN_UNBIASED).withLimit(0.95);
        models.put(
                "fbnetv3_b",
                scaling.build(
                        224,
                        List.of(
                                of(separable(2, 3, 1, 16, 0)),
                                of(inverted(1, 5, 2, 4, 24, 0), inverted(3, 5, 1, 2, 24, 0)),
                                of(inverted(1, 5, 2, 5, 40, 0.25), inverted(4, 5, 1, 3, 40, 0.25)),
                                of(inverted(1, 5, 2, 5, 72, 0), inverted(4, 3, 1, 3, 72, 0)),
                                of(inverted(1, 3, 1, 5, 120, 0.25), inverted(5, 5, 1, 3, 120, 0.25)),
                                of(
                                        inverted(1, 3, 2, 6, 184, 0.25),
                                        inverted(5, 5, 1, 4, 184, 0.25),
                                        inverted(1, 5, 1, 6, 224, 0.25)),
                                of(convolution(1, 1, 1344, false))),
                        16,
                        1984));
        models.put(
                "fbnetv3_d",
                scaling.build(
                        224,
                        List.of(
                                of(separable(2, 3, 1, 16, 0)),
                                of(inverted(1, 3, 2, 5, 24, 0), inverted(5, 3, 1, 2, 24, 0)),
                                of(inverted(1, 5, 2, 4, 40, 0.25), inverted(4, 3, 1, 3, 40, 0.25)),
                                of(inverted(1, 3, 2, 5, 72, 0), inverted(4, 3, 1, 3, 72, 0)),
                                of(inverted(1, 3, 1, 5, 128, 0.25), inverted(6, 5, 1, 3, 128, 0.25)),
                                of(
                                        inverted(1, 3, 2, 6, 208, 0.25),
                                        inverted(5, 5, 1, 5, 208, 0.25),
                                        inverted(1, 5, 1, 6, 240, 0.25)),
                                of(convolution(1, 1, 1440, false))),
                        24,
                        1984));
        models.put(
                "fbnetv3_g",
                scaling.build(
                        240,
                        List.of(
                                of(separable(3, 3, 1, 24, 0)),
                                of(inverted(1, 5, 2, 4, 40, 0), inverted(4, 5, 1, 2, 40, 0)),
                                of(inverted(1, 5, 2, 4, 56, 0.25), inverted(4, 5, 1, 3, 56, 0.25)),
                                of(inverted(1, 5, 2, 5, 104, 0), inverted(4, 3, 1, 3, 104, 0)),
                                of(inverted(1, 3, 1, 5, 160, 0.25), inverted(8, 5, 1, 3, 160, 0.25)),
                                of(
                                        inverted(1, 3, 2, 6, 264, 0.25),
                                        inverted(6, 5, 1, 5, 264, 0.25),
                                        inverted(2, 5, 1, 6, 288, 0.25)),
                                of(convolution(1, 1, 1728, false))),
                        32,
                        1984));
    }

    private static MobileStage.Row activated(int repeats, int kernel, int stride, int out, double se) {
        return row(repeats, Kind.SEPARABLE_ACTIVATED, kernel, stride, 1, out, se, false);
    }

    /// PP-LCNet (arXiv:2109.15099).
    private void lc() {
        var stages = List.of(
                of(activated(1, 3, 1, 32, 0)),
                of(activated(2, 3, 2, 64, 0)),
                of(activated(2, 3, 2, 128, 0)),
                of(activated(1, 3, 2, 256, 0), activated(1, 5, 1, 256, 0)),
                of(activated(4, 5, 1, 256, 0)),
                of(activated(2, 5, 2, 512, 0.25)));
        var gates = new Gates(Act.HARD_SIGMOID, Optional.of(Act.RELU), Rounding.NEAREST, true);
        for (var percent : new int[] {35, 50, 75, 100, 150}) {
            var scaling = MobileScaling.mobile(percent / 100.0, 1)
                    .with(gates, Head.AFTER_MEAN)
                    .withFixedStem(false);
            models.put(name("lcnet_", percent), scaling.build(224, stages, 16, 1280));
        }
    }

    /// MobileNet (arXiv:1704.04861).
    private void first() {
        var stages = List.of(
                of(activated(1, 3, 1, 64, 0)),
                of(activated(2, 3, 2, 128, 0)),
                of(activated(2, 3, 2, 256, 0)),
                of(activated(6, 3, 2, 512, 0)),
                of(activated(2, 3, 2, 1024, 0)));
        var scaling = new MobileScaling(1, 1).with(Act.RELU6).with(Features.AT_LEAST);
        models.put("mobilenetv1_100", scaling.build(224, stages, 32, 0));
        models.put("mobilenetv1_100h", scaling.build(224, stages, 32, 1024));
        models.put(
                "mobilenetv1_125",
                new MobileScaling(1.25, 1)
                        .with(Act.RELU6)
                        .with(Features.AT_LEAST)
                        .build(224, stages, 32, 0));
    }

    /// MobileNetV2 (arXiv:1801.04381).
    private void second() {
        var stages = List.of(
                of(separable(1, 3, 1, 16, 0)),
                of(inverted(2, 3, 2, 6, 24, 0)),
                of(inverted(3, 3, 2, 6, 32, 0)),
                of(inverted(4, 3, 2, 6, 64, 0)),
                of(inverted(3, 3, 1, 6, 96, 0)),
                of(inverted(3, 3, 2, 6, 160, 0)),
                of(inverted(1, 3, 1, 6, 320, 0)));
        for (var percent : new int[] {35, 50, 75, 100, 140}) {
            var scaling = new MobileScaling(percent / 100.0, 1).with(Act.RELU6).with(Features.AT_LEAST);
            models.put(name("mobilenetv2_", percent), scaling.build(224, stages, 32, 1280));
        }
        var deeper = new MobileScaling(1.1, 1.2).with(Act.RELU6).withFixedEnds();
        var deepest = new MobileScaling(1.2, 1.4).with(Act.RELU6).withFixedEnds();
        models.put("mobilenetv2_110d", deeper.build(224, stages, 32, 1280));
        models.put("mobilenetv2_120d", deepest.build(224, stages, 32, 1280));
    }

    /// Networks that searches found: MnasNet (arXiv:1807.11626), Single-Path NAS (arXiv:1904.02877).
    private void searched() {
        var b1 = List.of(
                of(separable(1, 3, 1, 16, 0).withoutSkip()),
                of(inverted(3, 3, 2, 3, 24, 0)),
                of(inverted(3, 5, 2, 3, 40, 0)),
                of(inverted(3, 5, 2, 6, 80, 0)),
                of(inverted(2, 3, 1, 6, 96, 0)),
                of(inverted(4, 5, 2, 6, 192, 0)),
                of(inverted(1, 3, 1, 6, 320, 0).withoutSkip()));
        var a1 = List.of(
                of(separable(1, 3, 1, 16, 0).withoutSkip()),
                of(inverted(2, 3, 2, 6, 24, 0)),
                of(inverted(3, 5, 2, 3, 40, 0.25)),
                of(inverted(4, 3, 2, 6, 80, 0)),
                of(inverted(2, 3, 1, 6, 112, 0.25)),
                of(inverted(3, 5, 2, 6, 160, 0.25)),
                of(inverted(1, 3, 1, 6, 320, 0)));
        for (var percent : new int[] {50, 75, 100, 140}) {
            var scaling = new MobileScaling(percent / 100.0, 1).with(Act.RELU).with(Features.FIXED);
            models.put(name("mnasnet_", percent), scaling.build(224, b1, 32, 1280));
            models.put(name("semnasnet_", percent), scaling.build(224, a1, 32, 1280));
        }
        var spnas = List.of(
                of(separable(1, 3, 1, 16, 0).withoutSkip()),
                of(inverted(3, 3, 2, 3, 24, 0)),
                of(inverted(1, 5, 2, 6, 40, 0), inverted(3, 3, 1, 3, 40, 0)),
                of(inverted(1, 5, 2, 6, 80, 0), inverted(3, 3, 1, 3, 80, 0)),
                of(inverted(1, 5, 1, 6, 96, 0), inverted(3, 5, 1, 3, 96, 0)),
                of(inverted(4, 5, 2, 6, 192, 0)),
                of(inverted(1, 3, 1, 6, 320, 0).withoutSkip()));
        models.put("spnasnet_100", new MobileScaling(1, 1).with(Act.RELU).build(224, spnas, 32, 1280));
    }

    /// A name that ends with the width in percent.
    private static String name(String prefix, int percent) {
        return prefix + (percent < 100 ? "0" : "") + percent;
    }
}
