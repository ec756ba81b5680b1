package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The encoder for inference before its parameters are fixed: images, parameters and buffers in, features out.
///
/// @param metadata of its file: how to prepare an image, for whoever holds the file alone
public record EncoderGraph(EvaluateGraph.Built built, Map<String, String> metadata) {
    public EncoderGraph {
        metadata = Map.copyOf(metadata);
    }

    /// The encoder that a recipe trains, for images of the size that evaluation reads.
    static EncoderGraph of(Recipe recipe, Backbone backbone) {
        return of(recipe, backbone, backbone.imageHeight(), backbone.imageWidth());
    }

    /// The same for images of another size.
    static EncoderGraph of(Recipe recipe, Backbone backbone, int height, int width) {
        var built = EvaluateGraph.encoder(backbone, height, width);
        return new EncoderGraph(built, metadata(recipe, Math.min(height, width)));
    }

    private static Map<String, String> metadata(Recipe recipe, int size) {
        var entries = new TreeMap<String, String>();
        entries.put("image_size", Integer.toString(size));
        entries.put("resize", Integer.toString(size));
        entries.put("interpolation", "bilinear");
        entries.put("mean", array(recipe.views().mean()));
        entries.put("std", array(recipe.views().std()));
        entries.put("model", recipe.model().backbone().name());
        entries.put("recipe_sha256", RecipeSettings.sha256(recipe));
        return entries;
    }

    private static String array(List<Double> values) {
        return values.stream().map(v -> Double.toString(v)).collect(Collectors.joining(", ", "[", "]"));
    }
}
