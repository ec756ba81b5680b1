package dev.lejepa.trainer.image;

import java.util.List;

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
        /// @param width columns of the upright picture
        /// @param height rows of the upright picture
        Crops of(int width, int height);
    }

    /// A part of a picture that becomes a square view.
    ///
    /// @param box in the whole picture
    /// @param size of the view, in pixels
    public record Crop(Box box, int size) {
        private boolean allows(int reduction, int width, int height) {
            Box reduced = box.reduced(reduction, Math.ceilDiv(width, reduction), Math.ceilDiv(height, reduction));
            return reduced.width() >= size && reduced.height() >= size;
        }
    }

    public Crops {
        list = List.copyOf(list);
    }

    /// The largest of 1, 2, 4 and 8 by which a picture may be reduced so that no crop has fewer columns or rows than its
    /// view.
    ///
    /// @param width columns of the upright picture
    /// @param height rows of the upright picture
    int reduction(int width, int height) {
        int reduction = list.isEmpty() ? 1 : MOST;
        while (reduction > 1 && !allow(reduction, width, height)) {
            reduction /= 2;
        }
        return reduction;
    }

    private boolean allow(int reduction, int width, int height) {
        return list.stream().allMatch(crop -> crop.allows(reduction, width, height));
    }
}
