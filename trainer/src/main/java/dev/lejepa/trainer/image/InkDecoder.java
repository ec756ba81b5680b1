package dev.lejepa.trainer.image;

import dev.lejepa.trainer.codec.Pix;
import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import javax.imageio.ImageReader;

/// Four-component JPEG with PIL's conversion to RGB, which needs the inks: libjpeg-turbo is reached through a reader
/// that converts them itself, cutting where PIL rounds. The JDK's libjpeg gives the inks of all common files. It is
/// believed as long as what it gives is within that difference; else, and for large files, the other's pixels stand, a
/// level off at most.
final class InkDecoder {
    /// Larger pictures would not fit into the heap.
    private static final long MOST_PIXELS = 4L << 20;

    private static final int START = 2;

    private final ImageReader reader = ImageReaders.ofJdk("jpeg");

    /// The file with a marker in front that says what the inks are; the reader would take those of a file without one
    /// for inverted.
    MemorySegment marked(Arena arena, JpegHeader header, Bytes bytes) {
        byte[] marker = header.color().marker();
        MemorySegment file = arena.allocate(bytes.length() + marker.length);
        MemorySegment.copy(bytes.data(), 0, file, 0, START);
        MemorySegment.copy(marker, 0, file, ValueLayout.JAVA_BYTE, START, marker.length);
        MemorySegment.copy(bytes.data(), START, file, START + marker.length, bytes.length() - START);
        return file;
    }

    /// @param nearly the picture as libjpeg-turbo's reader has it
    /// @return whether `out` has been filled
    boolean decode(JpegHeader header, Bytes bytes, Pix nearly, RgbImage out) {
        if (header.isArithmetic() || (long) header.width() * header.height() > MOST_PIXELS) {
            return false;
        }
        try {
            byte[] essentials = header.essentials(bytes);
            reader.setInput(new ByteArrayImageInput(essentials, essentials.length), true, true);
            byte[] samples = samples(reader.readRaster(0, reader.getDefaultReadParam()));
            return convert(header, samples, nearly, out);
        } catch (IOException | RuntimeException | TruncatedException e) {
            return false; // the JDK reports damage by IOException, and by runtime exceptions of several kinds
        } finally {
            reader.setInput(null);
        }
    }

    private static byte[] samples(Raster raster) {
        return ((DataBufferByte) raster.getDataBuffer()).getData();
    }

    private static boolean convert(JpegHeader header, byte[] samples, Pix nearly, RgbImage out) {
        byte[] row = new byte[3 * header.width()];
        byte[] other = new byte[row.length];
        for (int y = 0; y < header.height(); y++) {
            Cmyk.toRgb(header.color(), samples, 4 * header.width() * y, row);
            nearly.row(y, other);
            if (!areNear(row, other)) {
                return false;
            }
            out.putRow(y, row, 0);
        }
        return true;
    }

    private static boolean areNear(byte[] a, byte[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Math.abs((a[i] & 0xFF) - (b[i] & 0xFF)) > 1) {
                return false;
            }
        }
        return true;
    }
}
