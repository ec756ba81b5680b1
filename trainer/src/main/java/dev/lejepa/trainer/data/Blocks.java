package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import java.util.List;

/// The images of a source in runs that are read together, such as the row groups of a table.
///
/// @param sizes images of each block, in the order of the images' numbers
/// @param window blocks among which images are shuffled: the source reads well while images of so many are asked for in
///     any order, and of so many again where one window ends and the next begins. A function of the files alone, as the
///     order of an epoch depends on it.
public record Blocks(List<Integer> sizes, int window) {
    public Blocks {
        sizes = List.copyOf(sizes);
        if (window < 1 || sizes.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    Text.format("a window of %d blocks with %s images: all must be positive", window, sizes));
        }
    }

    /// Whether there are more of them than a window has: else images may come in any order.
    public boolean matter() {
        return sizes.size() > window;
    }

    /// What a person should know of the order of an epoch.
    public String words() {
        return Text.format(
                "images lie in %d blocks that are read together; an epoch shuffles these, and images within %d blocks at a time",
                sizes.size(), window);
    }

    /// The number of images.
    public int images() {
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }
}
