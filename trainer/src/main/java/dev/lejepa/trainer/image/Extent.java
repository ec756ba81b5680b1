package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.Part;
import dev.lejepa.trainer.codec.PictureSize;
import java.util.Optional;

/// How much of a picture is decoded.
///
/// @param reduction 1, 2, 4 or 8: this many columns and rows may become one
/// @param box that is looked at, of the whole picture as stored; nothing where that is all of it
record Extent(int reduction, Optional<Box> box) {
    /// All pixels of a picture.
    static final Extent WHOLE = new Extent(1, Optional.empty());

    /// Parts begin at a multiple of the widest block that a JPEG file is made of, a reduced one of any kind.
    private static final int BLOCK = 32;

    /// Color that is stored coarsely is enlarged with the help of its neighbors, which are missing at the edge of a
    /// part.
    private static final int MARGIN = 16;

    /// Less of a saving is not worth the while.
    private static final double MOST = 0.95;

    /// The part that has to be decoded so that the pixels of the box are those of the whole picture.
    ///
    /// @param size of the whole picture as stored
    /// @return of the reduced picture
    Part part(PictureSize size) {
        PictureSize reduced = size.reduced(reduction);
        return box.map(looked -> part(looked.reduced(reduction, reduced.width(), reduced.height()), reduced))
                .filter(part ->
                        (double) part.size().width() * part.size().height() < MOST * reduced.width() * reduced.height())
                .orElse(Part.of(reduced));
    }

    private static Part part(Box looked, PictureSize size) {
        int left = Math.max(0, looked.left() - MARGIN) / BLOCK * BLOCK;
        int top = Math.max(0, looked.top() - MARGIN);
        int right = Math.min(size.width(), looked.left() + looked.width() + MARGIN);
        int bottom = Math.min(size.height(), looked.top() + looked.height() + MARGIN);
        return new Part(left, top, new PictureSize(right - left, bottom - top));
    }
}
