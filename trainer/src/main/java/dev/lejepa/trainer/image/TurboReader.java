package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.Part;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.codec.TurboJpeg;
import dev.lejepa.trainer.codec.TurboJpeg.Samples;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Puts what the system's libturbojpeg decodes into images.
///
/// It decodes into room outside of the heap, which costs a hundredth of its time for the copy: were it let into the
/// heap, no garbage could be collected while a large picture is decoded.
final class TurboReader {
    private final TurboJpeg library;
    private final NativeRoom room = new NativeRoom();

    TurboReader(TurboJpeg library) {
        this.library = library;
    }

    /// The library's file.
    String library() {
        return library.library();
    }

    /// @param extent of the picture that is wanted at least
    /// @return whether the file was whole and undamaged; `out` is unspecified where it was not
    boolean read(JpegHeader header, Bytes bytes, Extent extent, RgbImage out) {
        PictureSize whole = header.size();
        int reduction = extent.reduction();
        boolean partly = library.hasRegions() && out.isStoredUpright();
        Part part = partly ? extent.part(whole) : Part.of(whole.reduced(reduction));
        try (Arena arena = Arena.ofConfined()) {
            // a large picture waits for its room here
            if (partly) {
                out.reshapePart(whole, reduction, part);
            } else {
                out.reshapeReduced(whole, reduction);
            }
            MemorySegment file = bytes.outside(arena);
            if (out.pixels().isNative()
                    && out.isStoredUpright()
                    && !header.color().isInks()) {
                return library.decode(file, whole, reduction, part, Samples.RGB, out.pixels());
            }
            Samples samples = header.color().isInks() ? Samples.CMYK : Samples.RGB;
            PictureSize size = part.size();
            long count = (long) samples.bytes() * size.width() * size.height();
            // ordinary pictures use the same room again
            MemorySegment pixels = out.pixels().isNative() ? arena.allocate(count) : room.of(count);
            if (!library.decode(file, whole, reduction, part, samples, pixels)) {
                return false;
            }
            copy(pixels, samples, size, out);
            return true;
        }
    }

    private static void copy(MemorySegment pixels, Samples samples, PictureSize size, RgbImage out) {
        byte[] row = new byte[samples.bytes() * size.width()];
        byte[] rgb = samples == Samples.RGB ? row : new byte[3 * size.width()];
        for (int y = 0; y < size.height(); y++) {
            MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) row.length * y, row, 0, row.length);
            if (samples == Samples.CMYK) {
                Cmyk.toRgb(JpegColor.CMYK, row, 0, rgb); // libjpeg has converted YCCK
            }
            out.putRow(y, rgb, 0);
        }
    }
}
