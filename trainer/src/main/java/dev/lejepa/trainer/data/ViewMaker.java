package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.trainer.image.Crops.Crop;
import dev.lejepa.trainer.image.RgbImage;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Makes views of images: crops and colors. May keep scratch memory: each thread has its own.
@FunctionalInterface
public interface ViewMaker {
    /// Writes one view.
    ///
    /// @param image not to be changed; reduced where the [#crop] allows that, and no more of it than that needs
    /// @param draws of this view; the only source of randomness
    /// @param to the view's memory, filled completely: bytes `[3, size, size]`, or what a device makes them of
    void make(RgbImage image, Draws draws, MemorySegment to);

    /// The part of an image that its view will be made of; nothing where all pixels are wanted.
    ///
    /// @param width columns of the whole image
    /// @param height rows of the whole image
    /// @param draws of the view, as [#make] will get them anew
    default Optional<Crop> crop(int width, int height, Draws draws) {
        return Optional.empty();
    }
}
