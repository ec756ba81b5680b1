package dev.lejepa.graphs.models;

import dev.lejepa.graphs.models.ResNet.StemType;
import dev.lejepa.graphs.models.ResNetBlock.Attention;
import dev.lejepa.graphs.models.ResNetBlock.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// timm's names of residual networks, with the arguments that they stand for.
final class ResNetNames {
    private static final List<Integer> D10 = List.of(1, 1, 1, 1);
    private static final List<Integer> D18 = List.of(2, 2, 2, 2);
    private static final List<Integer> D50 = List.of(3, 4, 6, 3);
    private static final List<Integer> D101 = List.of(3, 4, 23, 3);
    private static final List<Integer> D152 = List.of(3, 8, 36, 3);
    private static final List<Integer> D200 = List.of(3, 24, 36, 3);
    private static final List<Integer> D269 = List.of(3, 30, 48, 8);

    private final SequencedMap<String, Backbone> models = new LinkedHashMap<>();

    private ResNetNames() {}

    static SequencedMap<String, Backbone> table() {
        var names = new ResNetNames();
        names.plain();
        names.wide();
        names.gated();
        names.averaged();
        names.rescaled();
        return names.models;
    }

    private void plain() {
        put("resnet10t", 176, Kind.BASIC, D10, Form.T);
        put("resnet14t", 176, Kind.BOTTLENECK, D10, Form.T);
        put("resnet18", 224, Kind.BASIC, D18, Form.B);
        put("resnet18d", 224, Kind.BASIC, D18, Form.D);
        put("resnet26", 224, Kind.BOTTLENECK, D18, Form.B);
        put("resnet26d", 224, Kind.BOTTLENECK, D18, Form.D);
        put("resnet26t", 256, Kind.BOTTLENECK, D18, Form.T);
        put("resnet34", 224, Kind.BASIC, D50, Form.B);
        put("resnet34d", 224, Kind.BASIC, D50, Form.D);
        put("resnet50", 224, Kind.BOTTLENECK, D50, Form.B);
        put("resnet50c", 224, Kind.BOTTLENECK, D50, Form.C);
        put("resnet50d", 224, Kind.BOTTLENECK, D50, Form.D);
        put("resnet50s", 224, Kind.BOTTLENECK, D50, Form.S);
        put("resnet50t", 224, Kind.BOTTLENECK, D50, Form.T);
        put("resnet101", 224, Kind.BOTTLENECK, D101, Form.B);
        put("resnet101c", 224, Kind.BOTTLENECK, D101, Form.C);
        put("resnet101d", 256, Kind.BOTTLENECK, D101, Form.D);
        put("resnet101s", 224, Kind.BOTTLENECK, D101, Form.S);
        put("resnet152", 224, Kind.BOTTLENECK, D152, Form.B);
        put("resnet152c", 224, Kind.BOTTLENECK, D152, Form.C);
        put("resnet152d", 256, Kind.BOTTLENECK, D152, Form.D);
        put("resnet152s", 224, Kind.BOTTLENECK, D152, Form.S);
        put("resnet200", 224, Kind.BOTTLENECK, D200, Form.B);
        put("resnet200d", 256, Kind.BOTTLENECK, D200, Form.D);
    }

    /// Bottlenecks with a wider middle, or one in groups.
    private void wide() {
        put("wide_resnet50_2", 224, D50, Form.B, 1, 128, Attention.NONE);
        put("wide_resnet101_2", 224, D101, Form.B, 1, 128, Attention.NONE);
        put("resnext50_32x4d", 224, D50, Form.B, 32, 4, Attention.NONE);
        put("resnext50d_32x4d", 224, D50, Form.D, 32, 4, Attention.NONE);
        put("resnext101_32x4d", 224, D101, Form.B, 32, 4, Attention.NONE);
        put("resnext101_32x8d", 224, D101, Form.B, 32, 8, Attention.NONE);
        put("resnext101_32x16d", 224, D101, Form.B, 32, 16, Attention.NONE);
        put("resnext101_32x32d", 224, D101, Form.B, 32, 32, Attention.NONE);
        put("resnext101_64x4d", 224, D101, Form.B, 64, 4, Attention.NONE);
    }

    private void gated() {
        models.put("seresnet18", model(224, Kind.BASIC, D18, Form.B, 1, 64, Attention.SE));
        models.put("seresnet34", model(224, Kind.BASIC, D50, Form.B, 1, 64, Attention.SE));
        put("seresnet50", 224, D50, Form.B, 1, 64, Attention.SE);
        put("seresnet50t", 224, D50, Form.T, 1, 64, Attention.SE);
        put("seresnet101", 224, D101, Form.B, 1, 64, Attention.SE);
        put("seresnet152", 224, D152, Form.B, 1, 64, Attention.SE);
        put("seresnet152d", 256, D152, Form.D, 1, 64, Attention.SE);
        put("seresnet200d", 256, D200, Form.D, 1, 64, Attention.SE);
        put("seresnet269d", 256, D269, Form.D, 1, 64, Attention.SE);
        put("seresnext26d_32x4d", 224, D18, Form.D, 32, 4, Attention.SE);
        put("seresnext26t_32x4d", 224, D18, Form.T, 32, 4, Attention.SE);
        put("seresnext50_32x4d", 224, D50, Form.B, 32, 4, Attention.SE);
        put("seresnext101_32x4d", 224, D101, Form.B, 32, 4, Attention.SE);
        put("seresnext101_32x8d", 224, D101, Form.B, 32, 8, Attention.SE);
        put("seresnext101d_32x8d", 224, D101, Form.D, 32, 8, Attention.SE);
        put("seresnext101_64x4d", 224, D101, Form.B, 64, 4, Attention.SE);
        models.put("senet154", senet154());
        put("ecaresnet26t", 256, D18, Form.T, 1, 64, Attention.ECA);
        put("ecaresnet50d", 224, D50, Form.D, 1, 64, Attention.ECA);
        put("ecaresnet50t", 256, D50, Form.T, 1, 64, Attention.ECA);
        put("ecaresnetlight", 224, List.of(1, 1, 11, 3), Form.AVERAGE, 1, 64, Attention.ECA);
        put("ecaresnet101d", 224, D101, Form.D, 1, 64, Attention.ECA);
        put("ecaresnet200d", 256, D200, Form.D, 1, 64, Attention.ECA);
        put("ecaresnet269d", 320, D269, Form.D, 1, 64, Attention.ECA);
        put("ecaresnext26t_32x4d", 224, D18, Form.T, 32, 4, Attention.ECA);
        put("ecaresnext50t_32x4d", 224, D50, Form.T, 32, 4, Attention.ECA);
    }

    /// Averages, rather than strides, make maps smaller.
    private void averaged() {
        models.put("resnetaa34d", averaged(model(224, Kind.BASIC, D50, Form.D, 1, 64, Attention.NONE)));
        models.put("resnetaa50", averaged(model(224, Kind.BOTTLENECK, D50, Form.B, 1, 64, Attention.NONE)));
        models.put("resnetaa50d", averaged(model(224, Kind.BOTTLENECK, D50, Form.D, 1, 64, Attention.NONE)));
        models.put("resnetaa101d", averaged(model(224, Kind.BOTTLENECK, D101, Form.D, 1, 64, Attention.NONE)));
        models.put("seresnetaa50d", averaged(model(224, Kind.BOTTLENECK, D50, Form.D, 1, 64, Attention.SE)));
        models.put("seresnextaa101d_32x8d", averaged(model(288, Kind.BOTTLENECK, D101, Form.D, 32, 8, Attention.SE)));
        models.put(
                "seresnextaa201d_32x8d",
                averaged(model(384, Kind.BOTTLENECK, List.of(3, 24, 36, 4), Form.E, 32, 8, Attention.SE)));
    }

    /// ResNet-RS (arXiv:2103.07579).
    private void rescaled() {
        models.put("resnetrs50", rescaled(160, D50));
        models.put("resnetrs101", rescaled(192, D101));
        models.put("resnetrs152", rescaled(256, D152));
        models.put("resnetrs200", rescaled(256, D200));
        models.put("resnetrs270", rescaled(256, List.of(4, 29, 53, 4)));
        models.put("resnetrs350", rescaled(288, List.of(4, 36, 72, 4)));
        models.put("resnetrs420", rescaled(320, List.of(4, 44, 87, 4)));
    }

    /// What a letter behind a model's size says of stem and shortcuts.
    ///
    /// @param width of a deep stem
    private record Form(StemType stem, int width, boolean avgDown) {
        static final Form B = new Form(StemType.PLAIN, 64, false);
        static final Form C = new Form(StemType.DEEP, 32, false);
        static final Form D = new Form(StemType.DEEP, 32, true);
        static final Form E = new Form(StemType.DEEP, 64, true);
        static final Form S = new Form(StemType.DEEP, 64, false);
        static final Form T = new Form(StemType.DEEP_TIERED, 32, true);
        static final Form AVERAGE = new Form(StemType.PLAIN, 32, true);
    }

    private void put(String name, int pixels, Kind block, List<Integer> layers, Form form) {
        models.put(name, model(pixels, block, layers, form, 1, 64, Attention.NONE));
    }

    private void put(
            String name, int pixels, List<Integer> layers, Form form, int cardinality, int width, Attention attn) {
        models.put(name, model(pixels, Kind.BOTTLENECK, layers, form, cardinality, width, attn));
    }

    private static ResNet model(
            int pixels, Kind block, List<Integer> layers, Form form, int cardinality, int width, Attention attn) {
        var m = ResNet.of(pixels, block, layers);
        return new ResNet(
                m.settings(),
                block,
                layers,
                m.channels(),
                cardinality,
                width,
                form.width(),
                form.stem(),
                m.replaceStemPool(),
                m.blockReduceFirst(),
                m.downKernelSize(),
                form.avgDown(),
                m.antiAliased(),
                attn,
                m.zeroInitLast());
    }

    private static ResNet senet154() {
        return changed(model(224, Kind.BOTTLENECK, D152, Form.S, 64, 4, Attention.SE), false, 2, 3, false);
    }

    private static ResNet averaged(ResNet m) {
        return changed(m, false, 1, 1, true);
    }

    private static ResNet rescaled(int pixels, List<Integer> layers) {
        var m = model(pixels, Kind.BOTTLENECK, layers, Form.D, 1, 64, Attention.SE_QUARTER);
        return changed(m, true, 1, 1, false);
    }

    private static ResNet changed(ResNet m, boolean stemPool, int reduceFirst, int downKernel, boolean antiAliased) {
        return new ResNet(
                m.settings(),
                m.block(),
                m.layers(),
                m.channels(),
                m.cardinality(),
                m.baseWidth(),
                m.stemWidth(),
                m.stemType(),
                stemPool,
                reduceFirst,
                downKernel,
                m.avgDown(),
                antiAliased,
                m.attn(),
                m.zeroInitLast());
    }
}
