package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.VisionTransformer.Pooling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// timm's names of vision transformers, with the arguments that they stand for.
final class VisionTransformerNames {
    /// timm takes a model's number of classes from the first of its published weights, and these have no head.
    private static final Set<String> HEADLESS =
            Set.of("vit_small_patch8_224", "vit_large_patch32_224", "vit_huge_patch14_224");

    private VisionTransformerNames() {}

    static SequencedMap<String, Backbone> table() {
        var models = new LinkedHashMap<String, Backbone>();
        sizes(models, "vit_tiny", 192, 12, 3, 4, Map.of(16, new int[] {224, 384}));
        sizes(models, "vit_small", 384, 12, 6, 4, Map.of(8, new int[] {224}, 16, both(), 32, both()));
        sizes(models, "vit_base", 768, 12, 12, 4, Map.of(8, new int[] {224}, 16, both(), 32, both()));
        sizes(models, "vit_large", 1024, 24, 16, 4, Map.of(14, new int[] {224}, 16, both(), 32, both()));
        sizes(models, "vit_huge", 1280, 32, 16, 4, Map.of(14, new int[] {224}));
        sizes(models, "vit_giant", 1408, 40, 16, 48.0 / 11, Map.of(14, new int[] {224}));
        sizes(models, "vit_gigantic", 1664, 48, 16, 64.0 / 13, Map.of(14, new int[] {224}));
        return models;
    }

    private static int[] both() {
        return new int[] {224, 384};
    }

    private static void sizes(
            Map<String, Backbone> models,
            String size,
            int dim,
            int depth,
            int heads,
            double mlpRatio,
            Map<Integer, int[]> patches) {
        patches.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
            for (var image : e.getValue()) {
                var name = Text.format("%s_patch%d_%d", size, e.getKey(), image);
                var classes = HEADLESS.contains(name) ? 0 : 1000;
                models.put(
                        name,
                        new VisionTransformer(
                                image,
                                image,
                                e.getKey(),
                                dim,
                                depth,
                                heads,
                                mlpRatio,
                                true,
                                true,
                                Pooling.TOKEN,
                                true,
                                0,
                                classes));
            }
        });
    }
}
