package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import java.util.Optional;

/// The rule that patches fill an image.
final class PatchMultiple {
    private PatchMultiple() {}

    /// What the sides of an image must be, if they are not.
    static Optional<String> check(int height, int width, int patch) {
        return check(height, patch).or(() -> check(width, patch));
    }

    private static Optional<String> check(int side, int patch) {
        if (side % patch == 0) {
            return Optional.empty();
        }
        var below = side / patch * patch;
        var nearest = below == 0 ? Integer.toString(patch) : below + " and " + (below + patch);
        return Optional.of(
                Text.format("must be a multiple of model.backbone.patch_size %d (nearest: %s)", patch, nearest));
    }
}
