package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.JpegResult;
import dev.lejepa.trainer.codec.NativeCodecs;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.codec.Pix;
import dev.lejepa.trainer.codec.TurboJpeg;
import dev.lejepa.trainer.codec.TurboJpeg.Samples;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Decodes JPEG with libjpeg-turbo. It takes what PIL takes: a damaged file has a picture, one that ends before its last
/// row has none.
///
/// Whole and well files are for the system's libturbojpeg, where there is one; all others, and all where there is none,
/// go through the reader that comes with this program, which tells the ways of being damaged apart. Both give the same
/// pixels.
final class JpegDecoder {
    private final NativeCodecs codecs = NativeCodecs.get();
    private final Optional<TurboJpeg> turbo;
    private final NativeRoom room = new NativeRoom();
    private final InkDecoder inks = new InkDecoder();

    JpegDecoder() {
        this(TurboJpeg.open());
    }

    /// @param turbo decodes what it can
    JpegDecoder(Optional<TurboJpeg> turbo) {
        this.turbo = turbo;
    }

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
            MemorySegment file = outside(arena, bytes);
            if (turbo.isEmpty() || !decode(turbo.get(), arena, header, file, out)) {
                decodeAny(name, arena, header, bytes, file, out);
            }
        }
    }

    private boolean decode(TurboJpeg library, Arena arena, JpegHeader header, MemorySegment file, RgbImage out) {
        PictureSize size = new PictureSize(header.width(), header.height());
        if (header.color().isInks()) {
            return decodeInks(library, arena, size, file, out);
        }
        if (out.pixels().isNative() && out.isStoredUpright()) {
            return library.decode(file, size, 1, Samples.RGB, out.pixels());
        }
        MemorySegment pixels = room(arena, 3L * size.width() * size.height(), out);
        if (!library.decode(file, size, 1, Samples.RGB, pixels)) {
            return false;
        }
        byte[] row = new byte[3 * size.width()];
        for (int y = 0; y < size.height(); y++) {
            MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) row.length * y, row, 0, row.length);
            out.putRow(y, row, 0);
        }
        return true;
    }

    private boolean decodeInks(TurboJpeg library, Arena arena, PictureSize size, MemorySegment file, RgbImage out) {
        MemorySegment pixels = room(arena, 4L * size.width() * size.height(), out);
        if (!library.decode(file, size, 1, Samples.CMYK, pixels)) {
            return false;
        }
        byte[] samples = new byte[4 * size.width()];
        byte[] row = new byte[3 * size.width()];
        for (int y = 0; y < size.height(); y++) {
            MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) samples.length * y, samples, 0, samples.length);
            Cmyk.toRgb(JpegColor.CMYK, samples, 0, row); // libjpeg has converted YCCK
            out.putRow(y, row, 0);
        }
        return true;
    }

    /// Ordinary pictures use the same room again.
    private MemorySegment room(Arena arena, long bytes, RgbImage out) {
        return out.pixels().isNative() ? arena.allocate(bytes) : room.of(bytes);
    }

    private void decodeAny(String name, Arena arena, JpegHeader header, Bytes bytes, MemorySegment whole, RgbImage out)
            throws BrokenImageException {
        MemorySegment file = header.color().isInks() ? inks.marked(arena, header, bytes) : whole;
        switch (codecs.jpeg(file, 1)) {
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
