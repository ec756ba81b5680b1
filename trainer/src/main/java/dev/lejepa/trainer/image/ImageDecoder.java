package dev.lejepa.trainer.image;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.graphs.recipe.JpegDecoding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Turns image files into RGB as PIL's `convert("RGB")` followed by `exif_transpose` does. It keeps buffers and native
/// readers, so each thread has one of its own.
public final class ImageDecoder {
    private final long maxPixels;
    private final JpegDecoding jpegDecoding;
    private final JpegDecoder jpeg;
    private final PngDecoder png = new PngDecoder();
    private final WebpDecoder webp = new WebpDecoder();
    private final BmpDecoder bmp = new BmpDecoder();
    private final GifDecoder gif = new GifDecoder();
    private final PnmDecoder pnm = new PnmDecoder();
    private final TiffDecoder tiff = new TiffDecoder();
    private final SystemDecoder system = SystemDecoder.here();
    /// Those of the images to come.
    private Crops.Rule crops = Crops.Rule.NONE;

    /// A decoder of images up to the usual limit.
    public ImageDecoder() {
        this(DataSpec.defaults().maxPixels());
    }

    /// @param maxPixels images that claim more are refused before they are decoded
    public ImageDecoder(long maxPixels) {
        this(maxPixels, JpegDecoding.EXACT);
    }

    /// @param maxPixels images that claim more are refused before they are decoded
    /// @param jpeg whether JPEG may be reduced where the crops that are cut from it allow that
    public ImageDecoder(long maxPixels, JpegDecoding jpeg) {
        this(maxPixels, jpeg, new JpegDecoder());
    }

    private ImageDecoder(long maxPixels, JpegDecoding jpegDecoding, JpegDecoder jpeg) {
        this.maxPixels = maxPixels;
        this.jpegDecoding = jpegDecoding;
        this.jpeg = jpeg;
    }

    /// One for each [library][#jpegLibrary] that decodes JPEG here; the first is what other decoders use.
    ///
    /// @param maxPixels images that claim more are refused before they are decoded
    public static List<ImageDecoder> ofEachJpegLibrary(long maxPixels) {
        return JpegDecoder.ofEachLibrary().stream()
                .map(jpeg -> new ImageDecoder(maxPixels, JpegDecoding.EXACT, jpeg))
                .toList();
    }

    /// What decodes JPEG, for a person.
    public String jpegLibrary() {
        return jpeg.library();
    }

    /// Says what of the images to come is wanted: no more of them need be there, and with [JpegDecoding#SCALED] they may
    /// be reduced. Whole images are wanted until this is called.
    public void cut(Crops.Rule crops) {
        this.crops = crops;
    }

    /// Decodes a file into `out`, which takes its size.
    ///
    /// @throws BrokenImageException if the file is unreadable, cut off, damaged, no image or too large; `out` is
    ///     unspecified then
    public void decode(Path file, RgbImage out) throws BrokenImageException {
        String name = PathText.shown(file);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            decode(name, readAll(channel, arena), out);
        } catch (OutOfMemoryError e) {
            throw new BrokenImageException(
                    name, "cannot be read: memory does not suffice for the bytes of the file", e);
        } catch (NoSuchFileException e) {
            throw new BrokenImageException(name, "no such file", e);
        } catch (IOException e) {
            throw new BrokenImageException(name, "cannot be read (" + FileFaults.reason(e) + ")", e);
        }
    }

    /// Decodes the first `count` bytes of an image file that is in memory.
    ///
    /// @param name stands for the file in messages
    public void decode(String name, byte[] file, int count, RgbImage out) throws BrokenImageException {
        decode(name, Bytes.of(file, count), out);
    }

    /// Decodes an image file that is in memory.
    ///
    /// @param name stands for the file in messages
    /// @param file the whole of it, at most 2 GiB, in the heap or outside. Memory into which a file is mapped must keep
    ///     its length until this returns: native decoders cannot be told that a file became shorter
    public void decode(String name, MemorySegment file, RgbImage out) throws BrokenImageException {
        decode(name, Bytes.of(name, file), out);
    }

    private void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        ImageHeader header = ImageHeader.parseAll(name, bytes);
        header.requireAtMost(maxPixels, name);
        out.stored(header.orientation());
        try {
            decode(name, header, bytes, out);
        } catch (OutOfMemoryError e) {
            out.close();
            throw new BrokenImageException(name, header.withoutRoom(), e);
        } finally {
            out.stored(Orientation.UPRIGHT);
        }
        if (out.wholeWidth() != header.width() || out.wholeHeight() != header.height()) {
            throw new BrokenImageException(
                    name,
                    "decoded to " + out.wholeWidth() + " x " + out.wholeHeight() + " pixels where its header says "
                            + header.width() + " x " + header.height());
        }
    }

    private void decode(String name, ImageHeader header, Bytes bytes, RgbImage out) throws BrokenImageException {
        switch (header.format()) {
            case JPEG -> jpeg.decode(name, bytes, extent(header), out);
            case PNG -> png.decode(name, bytes, out);
            case WEBP -> webp.decode(name, bytes, header.stored(), out);
            case BMP -> bmp.decode(name, bytes, out);
            case GIF -> gif.decode(name, bytes, out);
            case PNM -> pnm.decode(name, bytes, out);
            case TIFF -> tiff.decode(name, bytes, out);
            case AVIF, HEIC -> system.decodeHeif(name, header, bytes, out);
            case JPEG_XL -> system.decodeJpegXl(name, header, bytes, out);
        }
    }

    private Extent extent(ImageHeader header) {
        Crops wanted = crops.of(header.width(), header.height());
        int reduction = switch (jpegDecoding) {
            case EXACT -> 1;
            case SCALED -> wanted.reduction();
        };
        // the last column that is stored may be made of fewer than the others; mirrored, it would shift them all
        while (header.orientation() != Orientation.UPRIGHT
                && (header.width() % reduction != 0 || header.height() % reduction != 0)) {
            reduction /= 2;
        }
        // boxes are of the upright picture
        return new Extent(reduction, header.orientation() == Orientation.UPRIGHT ? wanted.union() : Optional.empty());
    }

    /// The file's bytes outside of the heap, where native decoders find them.
    private Bytes readAll(FileChannel channel, Arena arena) throws IOException {
        long size = channel.size();
        ImageHeader.requireInReach(size);
        MemorySegment room = arena.allocate(size);
        ByteBuffer into = room.asByteBuffer();
        while (into.hasRemaining() && channel.read(into) >= 0) {
            // a channel may return fewer bytes than asked for
        }
        return new Bytes(room.asSlice(0, into.position()));
    }
}
