package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.codec.CodecException;
import dev.lejepa.trainer.codec.Heif;
import dev.lejepa.trainer.codec.HeifPicture;
import dev.lejepa.trainer.codec.JpegXl;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Decodes AVIF, HEIC and JPEG XL with libraries that the system may have. These turn pictures upright themselves, by
/// what the format says and whatever EXIF says.
///
/// @param heif reads AVIF and HEIC, where it is there
/// @param jpegXl reads JPEG XL, where it is there
record SystemDecoder(Optional<Heif> heif, Optional<JpegXl> jpegXl) {
    /// One with what this system has.
    static SystemDecoder here() {
        return new SystemDecoder(Heif.find(), JpegXl.find());
    }

    /// The header of an AVIF or HEIC file.
    ImageHeader heifHeader(String name, ImageFormat format, Bytes bytes)
            throws BrokenImageException, TruncatedException {
        Heif library = requireHeif(name, format);
        try (Arena arena = Arena.ofConfined();
                HeifPicture picture = library.open(copy(arena, bytes))) {
            return header(format, picture.size());
        } catch (CodecException e) {
            throw truncatedOrBroken(name, e);
        }
    }

    /// The header of a JPEG XL file.
    ImageHeader jpegXlHeader(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        JpegXl library = requireJpegXl(name);
        try (Arena arena = Arena.ofConfined()) {
            return header(ImageFormat.JPEG_XL, library.size(copy(arena, bytes)));
        } catch (CodecException e) {
            throw truncatedOrBroken(name, e);
        }
    }

    /// @param bytes the whole file
    void decodeHeif(String name, ImageHeader header, Bytes bytes, RgbImage out) throws BrokenImageException {
        Heif library = requireHeif(name, header.format());
        try (Arena arena = Arena.ofConfined();
                HeifPicture picture = library.open(bytes.outside(arena))) {
            out.reshape(picture.size().width(), picture.size().height());
            picture.decode((y, row) -> out.putRow(y, row, 0));
        } catch (CodecException e) {
            throw broken(name, bytes, e);
        }
    }

    /// @param bytes the whole file
    void decodeJpegXl(String name, ImageHeader header, Bytes bytes, RgbImage out) throws BrokenImageException {
        JpegXl library = requireJpegXl(name);
        try (Arena arena = Arena.ofConfined()) {
            out.reshape(header.width(), header.height());
            MemorySegment file = bytes.outside(arena);
            if (out.pixels().isNative()) {
                library.decode(file, out.pixels().asSlice(0, out.bytes()));
                return;
            }
            MemorySegment pixels = arena.allocate(out.bytes());
            library.decode(file, pixels);
            byte[] row = new byte[3 * header.width()];
            for (int y = 0; y < header.height(); y++) {
                MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) row.length * y, row, 0, row.length);
                out.putRow(y, row, 0);
            }
        } catch (CodecException e) {
            throw broken(name, bytes, e);
        }
    }

    /// Bytes of a mapped file, which may become shorter, are not for C code.
    private static MemorySegment copy(Arena arena, Bytes bytes) {
        return arena.allocate(bytes.length()).copyFrom(bytes.data());
    }

    private static ImageHeader header(ImageFormat format, PictureSize size) {
        return new ImageHeader(format, size.width(), size.height(), Orientation.UPRIGHT);
    }

    private Heif requireHeif(String name, ImageFormat format) throws BrokenImageException {
        return heif.orElseThrow(() -> missing(name, format, "libheif", "libheif1", "libheif"));
    }

    private JpegXl requireJpegXl(String name) throws BrokenImageException {
        return jpegXl.orElseThrow(() -> missing(name, ImageFormat.JPEG_XL, "libjxl", "libjxl-dev", "jpeg-xl"));
    }

    private static BrokenImageException missing(
            String name, ImageFormat format, String library, String debian, String homebrew) {
        return new BrokenImageException(
                name,
                Text.format(
                        "is %s image, for which this system has no %s (apt-get install %s, or brew install %s)",
                        format.article(), library, debian, homebrew));
    }

    private static TruncatedException truncated(CodecException e) {
        TruncatedException truncated = new TruncatedException();
        truncated.initCause(e);
        return truncated;
    }

    private static BrokenImageException truncatedOrBroken(String name, CodecException e) throws TruncatedException {
        if (e.cutOff()) {
            throw truncated(e);
        }
        return new BrokenImageException(name, "damaged: " + e.getMessage(), e);
    }

    private static BrokenImageException broken(String name, Bytes bytes, CodecException e) {
        String reason = e.cutOff() ? "cut off after " + bytes.length() + " bytes" : "damaged: " + e.getMessage();
        return new BrokenImageException(name, reason, e);
    }
}
