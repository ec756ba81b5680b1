package dev.lejepa.trainer.data;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.trainer.image.RgbImage;
import java.lang.foreign.MemorySegment;

/// Makes views of images: crops and colors. May keep scratch memory: each thread has its own.
@FunctionalInterface
public interface ViewMaker {
    /// Writes one view.
    ///
    /// @param image the whole image, not to be changed
    /// @param draws of this view; the only source of randomness
    /// @param to bytes `[3, size, size]`, filled completely
    void make(RgbImage image, Draws draws, MemorySegment to);
}
