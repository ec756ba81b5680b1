package dev.lejepa.trainer.image;

import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Turns image files into RGB as PIL's `convert("RGB")` followed by `exif_transpose` does. It keeps buffers and native
/// readers, so each thread has one of its own.
public final class ImageDecoder {
    private final JpegDecoder jpeg = new JpegDecoder();
    private final PluginDecoder png = new PluginDecoder(ImageReaders.ofJdk("png"));
    private final PluginDecoder webp = new PluginDecoder(ImageReaders.ofPlugin("webp"));
    private final PluginDecoder bmp = new PluginDecoder(ImageReaders.ofJdk("bmp"));
    private final RgbImage stored = new RgbImage();
    private byte[] buffer = new byte[1 << 16];

    /// Decodes a file into `out`, which takes its size.
    ///
    /// @throws BrokenImageException if the file is unreadable, cut off, damaged or no image; `out` is unspecified then
    public void decode(Path file, RgbImage out) throws BrokenImageException {
        String name = PathText.shown(file);
        try {
            int count = readAll(file);
            decode(name, new Bytes(buffer, 0, count), out);
        } catch (NoSuchFileException e) {
            throw new BrokenImageException(name, "no such file", e);
        } catch (IOException e) {
            throw new BrokenImageException(name, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /// Decodes the first `count` bytes of an image file that is in memory.
    ///
    /// @param name stands for the file in messages
    public void decode(String name, byte[] file, int count, RgbImage out) throws BrokenImageException {
        decode(name, new Bytes(file, 0, count), out);
    }

    private void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        ImageHeader header = ImageHeader.parseAll(name, bytes);
        boolean upright = header.orientation() == Orientation.UPRIGHT;
        RgbImage target = upright ? out : stored;
        switch (header.format()) {
            case JPEG -> jpeg.decode(name, bytes, target);
            case PNG -> {
                PngHeader.verify(name, bytes);
                png.decode(name, bytes, target);
            }
            case WEBP -> {
                WebpHeader.verify(name, bytes);
                webp.decode(name, bytes, target);
            }
            case BMP -> bmp.decode(name, bytes, target);
        }
        if (!upright) {
            header.orientation().apply(stored, out);
        }
        if (out.width() != header.width() || out.height() != header.height()) {
            throw new BrokenImageException(
                    name,
                    "decoded to " + out.width() + " x " + out.height() + " pixels where its header says "
                            + header.width() + " x " + header.height());
        }
    }

    private int readAll(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE - 8) {
                throw new IOException("larger than 2 GiB");
            }
            if (buffer.length < size) {
                buffer = new byte[(int) (size + size / 4)];
            }
            ByteBuffer into = ByteBuffer.wrap(buffer, 0, (int) size);
            while (into.hasRemaining() && channel.read(into) >= 0) {
                // a channel may return fewer bytes than asked for
            }
            return into.position();
        }
    }
}
