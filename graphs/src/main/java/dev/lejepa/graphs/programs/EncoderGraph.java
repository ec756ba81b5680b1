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

    /// The encoder that a recipe trains.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the backbone has not what is asked for
    static EncoderGraph of(Recipe recipe, Backbone backbone, EncoderRequest request) {
        var built = EvaluateGraph.encoder(backbone, request);
        var size = request.size().orElse(Math.min(backbone.imageHeight(), backbone.imageWidth()));
        return new EncoderGraph(built, metadata(recipe, backbone, size));
    }

    private static Map<String, String> metadata(Recipe recipe, Backbone backbone, int size) {
        var entries = new TreeMap<String, String>();
        entries.put("image_size", Integer.toString(size));
        entries.put("resize", Integer.toString(size));
        entries.put("interpolation", "bilinear");
        entries.put("mean", array(recipe.views().mean()));
        entries.put("std", array(recipe.views().std()));
        entries.put("prefix_tokens", Integer.toString(backbone.prefixTokens()));
        entries.put("class_token", Boolean.toString(backbone.classToken()));
        entries.put("model", recipe.model().backbone().name());
        entries.put("recipe_sha256", RecipeSettings.sha256(recipe));
        return entries;
    }

    private static String array(List<Double> values) {
        return values.stream().map(v -> Double.toString(v)).collect(Collectors.joining(", ", "[", "]"));
    }
}
