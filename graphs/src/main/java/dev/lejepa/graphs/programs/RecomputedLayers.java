package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.recipe.Recompute;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Which layers of a vision transformer a recipe computes again, by the scopes of their nodes.
final class RecomputedLayers {
    private static final Pattern BLOCK = Pattern.compile("(blocks\\.\\d+)(\\..*)?");
    private static final Pattern ATTENTION = Pattern.compile("(blocks\\.\\d+\\.attn)(\\..*)?");

    private RecomputedLayers() {}

    /// From the scope of a node to the layer that it belongs to, if that is computed again.
    ///
    /// @throws IllegalArgumentException for `auto`, which becomes one of the others before graphs are built
    static Function<String, Optional<String>> of(Recompute recompute) {
        return switch (recompute) {
            case NONE -> _ -> Optional.empty();
            case ATTENTION -> scope -> layer(ATTENTION, scope);
            case BLOCK -> scope -> layer(BLOCK, scope);
            case AUTO -> throw new IllegalArgumentException("train.recompute auto was not decided");
        };
    }

    private static Optional<String> layer(Pattern pattern, String scope) {
        var found = pattern.matcher(scope);
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
