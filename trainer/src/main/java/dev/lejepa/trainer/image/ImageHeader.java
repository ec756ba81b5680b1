package dev.lejepa.trainer.image;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.io.IOException;
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
    /// Enough for nearly all headers; a file with large metadata in front is read whole.
    private static final int FIRST_READ = 8 << 10;

    /// Reads the header alone; that the pixels are all there is seen only when they are decoded.
    ///
    /// @throws BrokenImageException if the file is unreadable, empty, cut off within its header, or no image
    public static ImageHeader read(Path file) throws BrokenImageException {
        String name = PathText.shown(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = Math.min(channel.size(), Integer.MAX_VALUE - 8);
            byte[] first = read(channel, 0, new byte[(int) Math.min(FIRST_READ, size)]);
            try {
                return parse(name, new Bytes(first, 0, first.length));
            } catch (TruncatedException e) {
                byte[] all = read(channel, 0, new byte[(int) size]);
                return parseAll(name, new Bytes(all, 0, all.length));
            }
        } catch (NoSuchFileException e) {
            throw new BrokenImageException(name, "no such file", e);
        } catch (IOException e) {
            throw new BrokenImageException(name, "cannot be read (" + e.getMessage() + ")", e);
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
        ImageFormat format = ImageFormat.of(bytes)
                .orElseThrow(() -> new BrokenImageException(name, "is no JPEG, PNG, WebP or BMP image"));
        ImageHeader header = switch (format) {
            case JPEG -> JpegHeader.parse(name, bytes).imageHeader();
            case PNG -> PngHeader.parse(name, bytes);
            case WEBP -> WebpHeader.parse(name, bytes);
            case BMP -> BmpHeader.parse(name, bytes);
        };
        if (header.width < 1 || header.height < 1 || 3L * header.width * header.height > Integer.MAX_VALUE - 8) {
            throw new BrokenImageException(name, "claims to be " + header.width + " x " + header.height + " pixels");
        }
        return header;
    }

    /// A header from the sizes as stored.
    static ImageHeader stored(ImageFormat format, int width, int height, Orientation orientation) {
        return orientation.swaps()
                ? new ImageHeader(format, height, width, orientation)
                : new ImageHeader(format, width, height, orientation);
    }

    private static byte[] read(FileChannel channel, long at, byte[] into) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
            // a channel may return fewer bytes than asked for
        }
        return into;
    }
}
