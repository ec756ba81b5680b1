package dev.lejepa.graphs.pretrained;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The tensors that a model wants: parameters and buffers by timm's names.
///
/// @param model its name, for messages
/// @param grid of patches that `pos_embed` is for, where there is one
public record ModelShapes(String model, SequencedMap<String, List<Long>> shapes, Optional<PatchGrid> grid) {
    static final String POSITIONS = "pos_embed";
    static final String CLASS_TOKEN = "cls_token";
    private static final String PATCHES = "patch_embed.proj.weight";

    /// What timm calls the last layer of its models.
    private static final Set<String> CLASSIFIERS = Set.of("head", "fc", "classifier", "head.fc");
    /// A model can start without these: they are made anew where a file lacks them.
    private static final Set<String> OPTIONAL = Set.of(CLASS_TOKEN, "reg_token");

    private static final String COUNTER = "num_batches_tracked";

    /// Those of a model for images of `height` x `width` pixels, which its patches cut into a grid.
    public static ModelShapes of(String model, SequencedMap<String, List<Long>> shapes, int height, int width) {
        var patch = shapes.get(PATCHES); // [dim, 3, height, width]
        Optional<PatchGrid> grid = patch == null || patch.size() != 4 || !shapes.containsKey(POSITIONS)
                ? Optional.empty()
                : Optional.of(new PatchGrid((int) (height / patch.get(2)), (int) (width / patch.get(3))));
        return new ModelShapes(model, shapes, grid);
    }

    public ModelShapes {
        shapes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(shapes));
    }

    boolean wants(String name) {
        return shapes.containsKey(name);
    }

    /// Whether a tensor belongs to the layer that tells classes apart.
    static boolean isClassifier(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && CLASSIFIERS.contains(name.substring(0, dot));
    }

    /// Whether the model can do without the file's `name` and start with its own.
    static boolean isOptional(String name) {
        return isClassifier(name) || OPTIONAL.contains(name) || name.endsWith("." + COUNTER);
    }
}
