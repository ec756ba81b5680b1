package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.TurboJpeg;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Decodes JPEG. Whole and undamaged files are for the system's libturbojpeg, where there is one; all others, and all
/// where there is none, for the reader that comes with this program. They give the same pixels.
final class JpegDecoder {
    private final Optional<TurboReader> turbo;
    private final JpegReader any;

    JpegDecoder() {
        this(TurboJpeg.open(), JpegReader.any());
    }

    /// @param turbo decodes what it can
    /// @param any decodes the rest
    JpegDecoder(Optional<TurboJpeg> turbo, JpegReader any) {
        this.turbo = turbo.map(TurboReader::new);
        this.any = any;
    }

    /// One for each library that runs here; the first is what is used where nothing is said.
    static List<JpegDecoder> ofEachLibrary() {
        var turbo = TurboJpeg.open().map(library -> new JpegDecoder(Optional.of(library), JpegReader.any()));
        var leptonica = LeptonicaReader.open().map(reader -> new JpegDecoder(Optional.empty(), reader));
        var java = Optional.of(new JpegDecoder(Optional.empty(), new ImageIoReader()));
        return Stream.of(turbo, leptonica, java).flatMap(Optional::stream).toList();
    }

    /// What decodes ordinary files, for a person.
    String library() {
        return turbo.map(TurboReader::library).orElseGet(any::library);
    }

    /// @param bytes the whole file
    /// @param extent of the picture that is wanted at least
    void decode(String name, Bytes bytes, Extent extent, RgbImage out) throws BrokenImageException {
        JpegHeader header = header(name, bytes);
        if (header.precision() != 8) {
            throw new BrokenImageException(name, "JPEG of " + header.precision() + " bits a sample, expected 8");
        }
        if (header.color() == JpegColor.OTHER) {
            throw new BrokenImageException(name, "JPEG with a number of components other than 1, 3 or 4");
        }
        // exact inks may have to come from a decoder that does not reduce
        Extent extended = header.color().isInks() ? Extent.WHOLE : extent;
        if (turbo.isEmpty() || !turbo.get().read(header, bytes, extended, out)) {
            any.read(name, header, bytes, extended.reduction(), out);
        }
    }

    private static JpegHeader header(String name, Bytes bytes) throws BrokenImageException {
        try {
            return JpegHeader.parse(name, bytes);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off within its header (" + bytes.length() + " bytes)", e);
        }
    }
}
