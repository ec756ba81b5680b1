package dev.lejepa.trainer.image;

import java.util.List;
import java.util.Optional;

/// The parts of a picture that become views.
///
/// @param list none where every pixel is wanted as it is
public record Crops(List<Crop> list) {
    private static final int MOST = 8;

    /// All pixels of a picture.
    public static final Crops WHOLE = new Crops(List.of());

    /// Where the crops of a picture lie, once its size is known.
    @FunctionalInterface
    public interface Rule {
        /// No crops: all pixels are wanted.
        Rule NONE = (width, height) -> WHOLE;

        /// @param width columns of the upright picture
        /// @param height rows of the upright picture
        Crops of(int width, int height);
    }

    /// A part of a picture that becomes a square view.
    ///
    /// @param box in the whole picture
    /// @param size of the view, in pixels
    public record Crop(Box box, int size) {
        private boolean allows(int reduction) {
            return Math.min(box.width(), box.height()) / reduction >= size;
        }
    }

    public Crops {
        list = List.copyOf(list);
    }

    /// The largest of 1, 2, 4 and 8 by which a picture may be reduced so that no crop has fewer columns or rows than its
    /// view.
    int reduction() {
        int reduction = list.isEmpty() ? 1 : MOST;
        while (reduction > 1 && !allow(reduction)) {
            reduction /= 2;
        }
        return reduction;
    }

    /// The smallest box that holds all crops; nothing where every pixel is wanted.
    Optional<Box> union() {
        return list.stream().map(Crop::box).reduce(Box::union);
    }

    private boolean allow(int reduction) {
        return list.stream().allMatch(crop -> crop.allows(reduction));
    }
}
