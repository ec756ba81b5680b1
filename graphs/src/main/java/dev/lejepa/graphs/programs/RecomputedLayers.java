package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.recipe.Recompute;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Which layers of a backbone a recipe computes again, by the scopes of their nodes.
final class RecomputedLayers {
    private RecomputedLayers() {}

    /// From the scope of a node to the layer that it belongs to, if that is computed again.
    ///
    /// @throws IllegalArgumentException for `auto`, which becomes one of the others before graphs are built
    static Function<String, Optional<String>> of(Recompute recompute, Backbone backbone) {
        return switch (recompute) {
            case NONE -> _ -> Optional.empty();
            case ATTENTION -> within(backbone.attentions());
            case BLOCK -> within(backbone.blocks());
            case AUTO -> throw new IllegalArgumentException("train.recompute auto was not decided");
        };
    }

    /// The layer whose scope a scope is, or lies in.
    private static Function<String, Optional<String>> within(List<String> layers) {
        var known = new HashSet<>(layers);
        return scope -> {
            for (var end = scope.length(); end > 0; end = scope.lastIndexOf('.', end - 1)) {
                var layer = scope.substring(0, end);
                if (known.contains(layer)) {
                    return Optional.of(layer);
                }
            }
            return Optional.empty();
        };
    }
}
