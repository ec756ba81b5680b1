package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.JpegResult;
import dev.lejepa.trainer.codec.NativeCodecs;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.codec.Pix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Decodes JPEG with the libjpeg-turbo that comes with this program. It takes what PIL takes: a damaged file has a
/// picture, one that ends before its last row has none.
final class LeptonicaReader implements JpegReader {
    private final NativeCodecs codecs;
    private final InkDecoder inks = new InkDecoder();

    private LeptonicaReader(NativeCodecs codecs) {
        this.codecs = codecs;
    }

    /// A reader, where the library runs.
    static Optional<LeptonicaReader> open() {
        return NativeCodecs.find().map(LeptonicaReader::new);
    }

    @Override
    public void read(String name, JpegHeader header, Bytes bytes, int reduction, RgbImage out)
            throws BrokenImageException {
        boolean isInks = header.color().isInks();
        PictureSize size = header.size().reduced(reduction);
        try (Arena arena = Arena.ofConfined()) {
            // a large picture waits for its room here, before libjpeg has one of its own
            out.reshapeReduced(header.size(), reduction);
            MemorySegment file = isInks ? inks.marked(arena, header, bytes) : bytes.outside(arena);
            switch (codecs.jpeg(file, reduction)) {
                case JpegResult.Picture(Pix pix) -> {
                    try (pix) {
                        requireSize(name, size, pix);
                        if (!isInks || !inks.decode(header, bytes, pix, out)) {
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

    @Override
    public String library() {
        return codecs.jpegLibrary();
    }

    private static void requireSize(String name, PictureSize size, Pix pix) throws BrokenImageException {
        if (pix.width() != size.width() || pix.height() != size.height()) {
            throw new BrokenImageException(
                    name,
                    "decoded to " + pix.width() + " x " + pix.height() + " pixels where its header says " + size.width()
                            + " x " + size.height());
        }
    }

    private static void copy(Pix pix, RgbImage out) {
        byte[] row = new byte[3 * pix.width()];
        for (int y = 0; y < pix.height(); y++) {
            pix.row(y, row);
            out.putRow(y, row, 0);
        }
    }
}
