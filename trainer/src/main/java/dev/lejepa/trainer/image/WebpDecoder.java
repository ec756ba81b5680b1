package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.codec.NativeCodecs;
import dev.lejepa.trainer.codec.PictureSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Decodes WebP with libwebp and leaves alpha away. Of an animation it takes the first frame, on a canvas of zeros.
final class WebpDecoder {
    /// @param bytes the whole file
    /// @param stored the picture's size as its header says
    void decode(String name, Bytes bytes, PictureSize stored, RgbImage out) throws BrokenImageException {
        WebpContainer container = WebpContainer.parse(name, bytes);
        NativeCodecs codecs = NativeCodecs.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment picture = container.picture().outside(arena);
            PictureSize size = codecs.webpSize(picture)
                    .orElseThrow(() -> new BrokenImageException(name, "damaged: libwebp makes no picture of it"));
            requireFit(name, container, size, stored);
            out.reshape(stored.width(), stored.height());
            if (size.equals(stored) && out.isStoredUpright() && out.pixels().isNative()) {
                decode(name, codecs, picture, out.pixels(), size);
                return;
            }
            MemorySegment rgb = arena.allocate(3L * size.width() * size.height());
            decode(name, codecs, picture, rgb, size);
            place(rgb, size, container, stored, out);
        }
    }

    private static void decode(
            String name, NativeCodecs codecs, MemorySegment picture, MemorySegment rgb, PictureSize size)
            throws BrokenImageException {
        if (!codecs.webp(picture, rgb, size.width())) {
            throw new BrokenImageException(name, "damaged: libwebp cannot decode it");
        }
    }

    private static void requireFit(String name, WebpContainer container, PictureSize size, PictureSize canvas)
            throws BrokenImageException {
        boolean fits = container.animated()
                ? (long) container.left() + size.width() <= canvas.width()
                        && (long) container.top() + size.height() <= canvas.height()
                : size.equals(canvas);
        if (!fits) {
            throw new BrokenImageException(
                    name,
                    Text.format(
                            "holds %d x %d pixels at %d, %d where its header says %d x %d",
                            size.width(),
                            size.height(),
                            container.left(),
                            container.top(),
                            canvas.width(),
                            canvas.height()));
        }
    }

    private static void place(
            MemorySegment rgb, PictureSize size, WebpContainer container, PictureSize canvas, RgbImage out) {
        byte[] row = new byte[3 * canvas.width()];
        byte[] empty = new byte[row.length];
        for (int y = 0; y < canvas.height(); y++) {
            int from = y - container.top();
            boolean inside = from >= 0 && from < size.height();
            if (inside) {
                MemorySegment.copy(
                        rgb,
                        ValueLayout.JAVA_BYTE,
                        3L * size.width() * from,
                        row,
                        3 * container.left(),
                        3 * size.width());
            }
            out.putRow(y, inside ? row : empty, 0);
        }
    }
}
