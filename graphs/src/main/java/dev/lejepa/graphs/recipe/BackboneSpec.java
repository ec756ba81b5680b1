package dev.lejepa.graphs.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// A backbone by timm's name, with arguments by timm's names. What a model takes, and what may stand there, its family
/// knows (`models.Backbone`); an argument that is not there, or [Setting.Unset], leaves the named model's own value.
///
/// @param name such as `vit_small_patch16_224`
/// @param arguments such as `img_size`, in the order in which they are written back
/// @param weights a file that its parameters and buffers start from; empty: they start at random
public record BackboneSpec(String name, SequencedMap<String, Setting> arguments, Optional<String> weights) {
    public static final String IMG_SIZE = "img_size";
    public static final String PATCH_SIZE = "patch_size";
    public static final String DROP_PATH_RATE = "drop_path_rate";
    public static final String NUM_CLASSES = "num_classes";
    /// Pixels per side of a patch of the default model.
    public static final int DEFAULT_PATCH = 14;

    public BackboneSpec {
        arguments = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arguments));
    }

    public BackboneSpec(String name, SequencedMap<String, Setting> arguments) {
        this(name, arguments, Optional.empty());
    }

    /// A named model as it is.
    public static BackboneSpec named(String name) {
        return new BackboneSpec(name, Collections.emptySortedMap());
    }

    /// A named model at its own sizes, with the given head and drop-path rate.
    public static BackboneSpec named(String name, double dropPathRate, int numClasses) {
        return named(name).with(DROP_PATH_RATE, dropPathRate).with(NUM_CLASSES, numClasses);
    }

    public static BackboneSpec defaults() {
        return named("vit_small_patch16_224")
                .with(IMG_SIZE, 224)
                .with(PATCH_SIZE, DEFAULT_PATCH)
                .with(DROP_PATH_RATE, 0.1)
                .with(NUM_CLASSES, 512);
    }

    /// The same with one more argument, or another value for it.
    public BackboneSpec with(String argument, Setting value) {
        var more = new LinkedHashMap<>(arguments);
        more.put(argument, value);
        return new BackboneSpec(name, more, weights);
    }

    /// The same, starting from a file.
    public BackboneSpec withWeights(Optional<String> file) {
        return new BackboneSpec(name, arguments, file);
    }

    public BackboneSpec with(String argument, long value) {
        return with(argument, new Setting.Whole(value));
    }

    /// @param value a whole one is the same setting as the whole number
    public BackboneSpec with(String argument, double value) {
        return with(argument, value == (long) value ? new Setting.Whole((long) value) : new Setting.Real(value));
    }

    public BackboneSpec with(String argument, boolean value) {
        return with(argument, new Setting.Flag(value));
    }

    public BackboneSpec with(String argument, String word) {
        return with(argument, new Setting.Text(word));
    }
}
