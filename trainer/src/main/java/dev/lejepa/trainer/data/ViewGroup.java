package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import java.util.function.Supplier;

/// Views of one size, made in one way: the global ones, the local ones.
///
/// @param count views per image, `V`
/// @param size height and width in pixels
/// @param makers makes the maker of one thread
public record ViewGroup(int count, int size, Supplier<ViewMaker> makers) {
    public ViewGroup {
        if (count < 1 || size < 1) {
            throw new IllegalArgumentException(
                    Text.format("%d views of %d pixels: both must be positive", count, size));
        }
    }

    /// Bytes of one view: `[3, size, size]`, one for each level.
    long viewBytes() {
        return 3L * size * size;
    }
}
