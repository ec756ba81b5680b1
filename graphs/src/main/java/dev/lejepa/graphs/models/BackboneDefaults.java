package dev.lejepa.graphs.models;

import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// What a recipe means that says little of its backbone.
public final class BackboneDefaults {
    private BackboneDefaults() {}

    /// The backbone with the defaults of recipes and then the given arguments, in the order of the family.
    ///
    /// @param name empty for the default model
    /// @param given as a recipe gives them, known or not
    public static BackboneSpec resolve(Optional<String> name, SequencedMap<String, Setting> given, ViewsSpec views) {
        var otherwise = BackboneSpec.defaults();
        var model = Registry.find(name.orElse(otherwise.name()));
        var arguments = new LinkedHashMap<>(otherwise.arguments());
        model.ifPresent(m -> sizes(m, name.isPresent(), views, arguments));
        arguments.putAll(given);
        return new BackboneSpec(
                name.orElse(otherwise.name()),
                model.map(m -> inOrder(m, arguments)).orElse(arguments));
    }

    /// The default sizes are those of the default model. Other families have their own.
    private static void sizes(Backbone model, boolean named, ViewsSpec views, SequencedMap<String, Setting> arguments) {
        switch (model) {
            case VisionTransformer vit -> {
                if (named && !divides(views)) {
                    arguments.put(BackboneSpec.PATCH_SIZE, new Setting.Whole(vit.patchSize()));
                }
            }
            // they have no positions, so evaluation may as well see what training sees
            case SwinTransformer _, ConvNet _ -> {
                arguments.put(
                        BackboneSpec.IMG_SIZE, new Setting.Whole(views.global().size()));
                arguments.remove(BackboneSpec.PATCH_SIZE);
            }
        }
    }

    /// The default patch belongs to the default crops. A recipe that names its model and crops that the default does
    /// not divide, and says nothing of the patch, means the model's own.
    private static boolean divides(ViewsSpec views) {
        var patch = BackboneSpec.DEFAULT_PATCH;
        return views.global().size() % patch == 0
                && (views.local().count() == 0 || views.local().size() % patch == 0);
    }

    private static SequencedMap<String, Setting> inOrder(Backbone model, SequencedMap<String, Setting> arguments) {
        var reader = new Arguments(arguments);
        model.with(reader);
        var ordered = new LinkedHashMap<String, Setting>();
        reader.asked().stream().filter(arguments::containsKey).forEach(name -> ordered.put(name, arguments.get(name)));
        arguments.forEach(ordered::putIfAbsent);
        return ordered;
    }
}
