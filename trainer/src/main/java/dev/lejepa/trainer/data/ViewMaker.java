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
    /// @param to the view's memory, filled completely: bytes `[3, size, size]`, or what a device makes them of
    void make(RgbImage image, Draws draws, MemorySegment to);
}
