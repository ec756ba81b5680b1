package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.JpegResult;
import dev.lejepa.trainer.codec.NativeCodecs;
import dev.lejepa.trainer.codec.Pix;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Decodes JPEG with libjpeg-turbo. It takes what PIL takes: a damaged file has a picture, one that ends before its last
/// row has none.
final class JpegDecoder {
    private final NativeCodecs codecs = NativeCodecs.get();
    private final InkDecoder inks = new InkDecoder();

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        JpegHeader header = header(name, bytes);
        if (header.precision() != 8) {
            throw new BrokenImageException(name, "JPEG of " + header.precision() + " bits a sample, expected 8");
        }
        if (header.color() == JpegColor.OTHER) {
            throw new BrokenImageException(name, "JPEG with a number of components other than 1, 3 or 4");
        }
        try (Arena arena = Arena.ofConfined()) {
            // a large picture waits for its room here, before libjpeg has one of its own
            out.reshape(header.width(), header.height());
            MemorySegment file = header.color().isInks() ? inks.marked(arena, header, bytes) : outside(arena, bytes);
            switch (codecs.jpeg(file)) {
                case JpegResult.Picture(Pix pix) -> {
                    try (pix) {
                        requireSize(name, header, pix);
                        if (!header.color().isInks() || !inks.decode(header, bytes, pix, out)) {
                            copy(pix, out);
                        }
                    }
                }
                case JpegResult.CutOff() ->
                    throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes");
                case JpegResult.Damaged() -> throw new BrokenImageException(name, header.damage());
            }
        }
    }

    private static JpegHeader header(String name, Bytes bytes) throws BrokenImageException {
        try {
            return JpegHeader.parse(name, bytes);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off within its header (" + bytes.length() + " bytes)", e);
        }
    }

    private static void requireSize(String name, JpegHeader header, Pix pix) throws BrokenImageException {
        if (pix.width() != header.width() || pix.height() != header.height()) {
            throw new BrokenImageException(
                    name,
                    "decoded to " + pix.width() + " x " + pix.height() + " pixels where its header says "
                            + header.width() + " x " + header.height());
        }
    }

    private static MemorySegment outside(Arena arena, Bytes bytes) {
        return bytes.data().isNative()
                ? bytes.data()
                : arena.allocate(bytes.length()).copyFrom(bytes.data());
    }

    private static void copy(Pix pix, RgbImage out) {
        byte[] row = new byte[3 * pix.width()];
        for (int y = 0; y < pix.height(); y++) {
            pix.row(y, row);
            out.putRow(y, row, 0);
        }
    }
}
