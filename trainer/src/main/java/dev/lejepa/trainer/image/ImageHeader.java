package dev.lejepa.trainer.image;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.codec.PictureSize;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a file says of its picture before any pixel is decoded.
///
/// @param width columns of the upright picture (after `orientation`)
/// @param height rows of the upright picture
public record ImageHeader(ImageFormat format, int width, int height, Orientation orientation) {
    /// Enough for nearly all headers; of a file with large metadata in front the parts that matter are read.
    private static final int FIRST_READ = 8 << 10;

    /// Reads the header alone; that the pixels are all there is seen only when they are decoded.
    ///
    /// @throws BrokenImageException if the file is unreadable, empty, cut off within its header, or no image
    public static ImageHeader read(Path file) throws BrokenImageException {
        String name = PathText.shown(file);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            requireInReach(size);
            byte[] first = read(channel, new byte[(int) Math.min(FIRST_READ, size)]);
            try {
                return parse(name, Bytes.of(first, first.length));
            } catch (TruncatedException e) {
                return parseAll(name, new Bytes(channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena)));
            }
        } catch (NoSuchFileException e) {
            throw new BrokenImageException(name, "no such file", e);
        } catch (IOException e) {
            throw new BrokenImageException(name, "cannot be read (" + FileFaults.reason(e) + ")", e);
        }
    }

    /// Reads the header of an image file that is in memory.
    ///
    /// @param name stands for the file in messages
    /// @param file the whole of it, at most 2 GiB, in the heap or outside
    /// @throws BrokenImageException if it is empty, cut off within its header, or no image
    public static ImageHeader of(String name, MemorySegment file) throws BrokenImageException {
        return parseAll(name, Bytes.of(name, file));
    }

    /// @throws IOException if a file has more bytes than can be counted here
    static void requireInReach(long size) throws IOException {
        if (size > Integer.MAX_VALUE - 8) {
            throw new IOException("larger than 2 GiB");
        }
    }

    /// The header of a file whose bytes are all there.
    static ImageHeader parseAll(String name, Bytes bytes) throws BrokenImageException {
        try {
            return parse(name, bytes);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off within its header (" + bytes.length() + " bytes)", e);
        }
    }

    private static ImageHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        if (bytes.length() == 0) {
            throw new BrokenImageException(name, "is empty (zero bytes)");
        }
        ImageFormat format = ImageFormat.of(bytes).orElseThrow(() -> unknown(name, bytes));
        ImageHeader header = switch (format) {
            case JPEG -> JpegHeader.parse(name, bytes).imageHeader();
            case PNG -> PngHeader.parse(name, bytes).imageHeader();
            case WEBP -> WebpHeader.parse(name, bytes);
            case BMP -> BmpHeader.parse(name, bytes).imageHeader();
            case GIF -> GifHeader.parse(name, bytes).imageHeader();
            case PNM -> PnmHeader.parse(name, bytes).imageHeader();
            case TIFF -> TiffHeader.parse(name, bytes).imageHeader();
            case AVIF, HEIC -> SystemDecoder.here().heifHeader(name, format, bytes);
            case JPEG_XL -> SystemDecoder.here().jpegXlHeader(name, bytes);
        };
        if (header.width < 1 || header.height < 1) {
            throw new BrokenImageException(name, "claims to be " + header.width + " x " + header.height + " pixels");
        }
        return header;
    }

    private static BrokenImageException unknown(String name, Bytes bytes) {
        String what = ForeignFormat.of(bytes)
                .map(format -> "is " + format.article() + " image, which is not read here")
                .orElse("is no JPEG, PNG, WebP, BMP, GIF, PNM, TIFF, AVIF, HEIC or JPEG XL image");
        return new BrokenImageException(name, what);
    }

    /// Refuses a picture by the size that it claims.
    ///
    /// @param name stands for the file in messages
    /// @throws BrokenImageException if it claims more than `maxPixels`
    public void requireAtMost(long maxPixels, String name) throws BrokenImageException {
        requireAtMost(width, height, maxPixels, name);
    }

    /// The same of a picture whose size is known from elsewhere.
    public static void requireAtMost(int width, int height, long maxPixels, String name) throws BrokenImageException {
        long pixels = (long) width * height;
        if (pixels > maxPixels) {
            throw new BrokenImageException(
                    name,
                    Text.format(
                            "claims %d x %d = %s pixels, more than data.max_pixels = %s",
                            width, height, grouped(pixels), grouped(maxPixels)));
        }
    }

    /// Columns times rows.
    public long pixels() {
        return (long) width * height;
    }

    /// Why it cannot be decoded where memory ran out.
    String withoutRoom() {
        return Text.format(
                "claims %d x %d = %s pixels, for which memory does not suffice", width, height, grouped(pixels()));
    }

    private static String grouped(long number) {
        return Text.format("%,d", number);
    }

    /// The size before `orientation` is undone.
    PictureSize stored() {
        return orientation.swaps() ? new PictureSize(height, width) : new PictureSize(width, height);
    }

    /// A header from the sizes as stored.
    static ImageHeader stored(ImageFormat format, int width, int height, Orientation orientation) {
        return orientation.swaps()
                ? new ImageHeader(format, height, width, orientation)
                : new ImageHeader(format, width, height, orientation);
    }

    private static byte[] read(FileChannel channel, byte[] into) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // a channel may return fewer bytes than asked for
        }
        return into;
    }
}
