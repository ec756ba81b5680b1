package dev.lejepa.trainer.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The working form of an image between decoding and the batch: three planes of values 0 to 255, one `int` a
/// value, so that the loops over them compile to vector instructions. The buffers are reused by [#reshape].
public final class PlanarImage {
    private int width;
    private int height;
    private final int[][] planes = new int[3][0];
    private boolean gray;

    /// An empty image, to be filled by [Resizer] or [#load].
    public PlanarImage() {}

    /// Makes room for an image of another size; the values are unspecified afterwards.
    public void reshape(int width, int height) {
        this.width = width;
        this.height = height;
        this.gray = false;
        int pixels = Math.multiplyExact(width, height);
        for (int c = 0; c < 3; c++) {
            if (planes[c].length < pixels) {
                planes[c] = new int[pixels];
            }
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// Number of pixels.
    public int pixels() {
        return width * height;
    }

    /// Planes that differ: 3, or 1 where all colors are that of plane 0.
    int planes() {
        return gray ? 1 : planes.length;
    }

    /// Says that the values of plane 0 are those of all colors from now on.
    void makeGray() {
        gray = true;
    }

    /// Values of color `c` (0 red, 1 green, 2 blue), row by row; may be followed by unused ones.
    int[] plane(int c) {
        return planes[gray ? 0 : c];
    }

    /// Puts `replacement` in the place of a plane that differs and returns the plane.
    int[] exchange(int c, int[] replacement) {
        int[] old = planes[c];
        planes[c] = replacement;
        return old;
    }

    /// Takes over the pixels of an interleaved image.
    public void load(RgbImage image) {
        reshape(image.width(), image.height());
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            image.getRow(y, 0, width, row);
            for (int c = 0; c < 3; c++) {
                int[] plane = planes[c];
                for (int i = y * width, j = c; j < row.length; i++, j += 3) {
                    plane[i] = row[j] & 0xFF;
                }
            }
        }
    }

    /// Writes the pixels to an interleaved image.
    public void store(RgbImage image) {
        image.reshape(width, height);
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            for (int c = 0; c < 3; c++) {
                int[] plane = plane(c);
                for (int i = y * width, j = c; j < row.length; i++, j += 3) {
                    row[j] = (byte) plane[i];
                }
            }
            image.putRow(y, row, 0);
        }
    }

    /// Writes the pixels as a network reads them: bytes `[3, height, width]`.
    ///
    /// @param offset of the first byte
    public void write(MemorySegment out, long offset) {
        write(out, offset, false);
    }

    /// As above, of the image or of its mirror image.
    void write(MemorySegment out, long offset, boolean mirrored) {
        for (int c = 0; c < 3; c++) {
            long at = offset + (long) c * pixels();
            if (c > 0 && gray) {
                MemorySegment.copy(out, offset, out, at, pixels());
            } else if (mirrored) {
                writeMirrored(planes[c], out, at);
            } else {
                writePlane(planes[c], out, at);
            }
        }
    }

    private void writePlane(int[] plane, MemorySegment out, long at) {
        int pixels = pixels();
        for (int i = 0; i < pixels; i++) {
            out.set(ValueLayout.JAVA_BYTE, at + i, (byte) plane[i]);
        }
    }

    private void writeMirrored(int[] plane, MemorySegment out, long at) {
        for (int from = 0; from < pixels(); from += width) {
            for (int x = 0; x < width; x++) {
                out.set(ValueLayout.JAVA_BYTE, at + from + x, (byte) plane[from + width - 1 - x]);
            }
        }
    }

    /// Mirrors left and right.
    public void flip() {
        for (int c = 0; c < planes(); c++) {
            int[] plane = planes[c];
            for (int y = 0; y < height; y++) {
                for (int a = y * width, b = a + width - 1; a < b; a++, b--) {
                    int t = plane[a];
                    plane[a] = plane[b];
                    plane[b] = t;
                }
            }
        }
    }
}
