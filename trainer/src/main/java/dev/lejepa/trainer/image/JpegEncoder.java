package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.codec.JpegWriter;
import dev.lejepa.trainer.codec.NativeCodecs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Makes JPEG files: baseline, 4:2:0. For use from many threads.
///
/// @param quality 1 to 100 as libjpeg and PIL count it
public record JpegEncoder(int quality) {
    /// What the format can count.
    private static final int LONGEST = 65_500;

    public JpegEncoder {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException(Text.format("JPEG of quality %d", quality));
        }
    }

    /// Encodes an image.
    ///
    /// @param name stands for it in messages
    /// @param room has the file's memory
    /// @throws BrokenImageException if its sides are longer than 65,500 pixels, or memory does not suffice
    public MemorySegment encode(String name, RgbImage image, SegmentAllocator room) throws BrokenImageException {
        JpegWriter writer = NativeCodecs.get().jpegWriter();
        if (Math.max(image.width(), image.height()) > LONGEST) {
            throw unwritten(name, image);
        }
        return writer.encode(image.pixels(), image.width(), image.height(), quality, room)
                .orElseThrow(() -> unwritten(name, image));
    }

    private static BrokenImageException unwritten(String name, RgbImage image) {
        return new BrokenImageException(
                name, Text.format("%d x %d pixels cannot be written as JPEG", image.width(), image.height()));
    }
}
