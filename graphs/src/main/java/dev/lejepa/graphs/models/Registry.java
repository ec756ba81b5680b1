package dev.lejepa.graphs.models;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.VisionTransformer.Pooling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Models by timm's names, with timm's default arguments.
public final class Registry {
    /// timm takes a model's number of classes from the first of its published weights, and these have no head.
    private static final Set<String> HEADLESS =
            Set.of("vit_small_patch8_224", "vit_large_patch32_224", "vit_huge_patch14_224");

    private Registry() {}

    /// The model of this name.
    ///
    /// @throws BadInputException if there is none; the message names the nearest
    public static VisionTransformer find(String name) {
        var model = all().get(name);
        if (model == null) {
            throw new BadInputException(Text.format(
                    "model '%s' is not known; the nearest name is '%s' (known: %s)",
                    name, Spelling.nearest(name, all().keySet()).orElseThrow(), String.join(", ", all().keySet())));
        }
        return model;
    }

    /// Every name and its model.
    public static SequencedMap<String, VisionTransformer> all() {
        var models = new LinkedHashMap<String, VisionTransformer>();
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
            Map<String, VisionTransformer> models,
            String family,
            int dim,
            int depth,
            int heads,
            double mlpRatio,
            Map<Integer, int[]> patches) {
        patches.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
            for (var image : e.getValue()) {
                var name = Text.format("%s_patch%d_%d", family, e.getKey(), image);
                var classes = HEADLESS.contains(name) ? 0 : 1000;
                var model = new VisionTransformer(
                        image, image, e.getKey(), dim, depth, heads, mlpRatio, true, true, Pooling.TOKEN, 0, classes);
                models.put(name, model);
            }
        });
    }
}
