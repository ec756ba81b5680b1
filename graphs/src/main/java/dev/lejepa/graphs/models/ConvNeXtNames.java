package dev.lejepa.graphs.models;

import dev.lejepa.graphs.models.ConvNeXt.StemType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// timm's names of ConvNeXts, with the arguments that they stand for.
final class ConvNeXtNames {
    private static final List<Integer> SMALLEST = List.of(2, 2, 6, 2);
    private static final List<Integer> NANO = List.of(2, 2, 8, 2);
    private static final List<Integer> TINY = List.of(3, 3, 9, 3);
    private static final List<Integer> DEEP = List.of(3, 3, 27, 3);

    private ConvNeXtNames() {}

    static SequencedMap<String, Backbone> table() {
        var models = new LinkedHashMap<String, Backbone>();
        first(models);
        second(models);
        return models;
    }

    private static void first(SequencedMap<String, Backbone> models) {
        models.put("convnext_atto", small(SMALLEST, 40, StemType.PATCH));
        models.put("convnext_atto_ols", small(SMALLEST, 40, StemType.OVERLAP_TIERED));
        models.put("convnext_femto", small(SMALLEST, 48, StemType.PATCH));
        models.put("convnext_femto_ols", small(SMALLEST, 48, StemType.OVERLAP_TIERED));
        models.put("convnext_pico", small(SMALLEST, 64, StemType.PATCH));
        models.put("convnext_pico_ols", small(SMALLEST, 64, StemType.OVERLAP_TIERED));
        models.put("convnext_nano", small(NANO, 80, StemType.PATCH));
        models.put("convnext_nano_ols", small(NANO, 80, StemType.OVERLAP));
        models.put("convnext_tiny", ConvNeXt.of(224, TINY, dims(96)));
        models.put("convnext_tiny_hnf", head(small(TINY, 96, StemType.PATCH), true, 0, 1e-6));
        models.put("convnext_small", ConvNeXt.of(224, DEEP, dims(96)));
        models.put("convnext_base", ConvNeXt.of(224, DEEP, dims(128)));
        models.put("convnext_large", ConvNeXt.of(224, DEEP, dims(192)));
        models.put("convnext_large_mlp", head(ConvNeXt.of(320, DEEP, dims(192)), false, 1536, 1e-6));
        models.put("convnext_xlarge", ConvNeXt.of(224, DEEP, dims(256)));
        models.put("convnext_xxlarge", head(ConvNeXt.of(256, List.of(3, 4, 30, 3), dims(384)), false, 0, 1e-5));
    }

    private static void second(SequencedMap<String, Backbone> models) {
        models.put("convnextv2_atto", grn(small(SMALLEST, 40, StemType.PATCH)));
        models.put("convnextv2_femto", grn(small(SMALLEST, 48, StemType.PATCH)));
        models.put("convnextv2_pico", grn(small(SMALLEST, 64, StemType.PATCH)));
        models.put("convnextv2_nano", grn(small(NANO, 80, StemType.PATCH)));
        models.put("convnextv2_tiny", grn(ConvNeXt.of(224, TINY, dims(96))));
        models.put("convnextv2_small", grn(ConvNeXt.of(224, DEEP, dims(96))));
        models.put("convnextv2_base", grn(ConvNeXt.of(224, DEEP, dims(128))));
        models.put("convnextv2_large", grn(ConvNeXt.of(224, DEEP, dims(192))));
        models.put("convnextv2_huge", grn(ConvNeXt.of(384, DEEP, dims(352))));
    }

    private static List<Integer> dims(int first) {
        return List.of(first, 2 * first, 4 * first, 8 * first);
    }

    /// A model whose perceptrons have weights of convolutions.
    private static ConvNeXt small(List<Integer> depths, int first, StemType stem) {
        var m = ConvNeXt.of(224, depths, dims(first));
        return new ConvNeXt(
                m.settings(),
                m.depths(),
                m.dims(),
                m.kernelSizes(),
                m.lsInitValue(),
                stem,
                m.patchSize(),
                m.headNormFirst(),
                m.headHiddenSize(),
                true,
                m.convBias(),
                m.useGrn(),
                m.act(),
                m.normEps());
    }

    private static ConvNeXt head(ConvNeXt m, boolean normFirst, int hidden, double epsilon) {
        return new ConvNeXt(
                m.settings(),
                m.depths(),
                m.dims(),
                m.kernelSizes(),
                m.lsInitValue(),
                m.stemType(),
                m.patchSize(),
                normFirst,
                hidden,
                m.convMlp(),
                m.convBias(),
                m.useGrn(),
                m.act(),
                epsilon);
    }

    /// Version 2: a normalization of responses in the place of the layer scale.
    private static ConvNeXt grn(ConvNeXt m) {
        return new ConvNeXt(
                m.settings(),
                m.depths(),
                m.dims(),
                m.kernelSizes(),
                OptionalDouble.empty(),
                m.stemType(),
                m.patchSize(),
                m.headNormFirst(),
                m.headHiddenSize(),
                m.convMlp(),
                m.convBias(),
                true,
                m.act(),
                m.normEps());
    }
}
