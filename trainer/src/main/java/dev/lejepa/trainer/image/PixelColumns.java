package dev.lejepa.trainer.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Some rows of an image as columns, each an array of pixels that are packed into an `int`: red in the lowest bits, then
/// green, then blue. Columns of results are turned back into rows. Keeps its buffers.
final class PixelColumns {
    private static final VarHandle PIXELS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Rows turned at a time: a cache line of each column.
    private static final int ROWS = 16;

    private final int most;
    /// From one column of results to the next: not a power of two, whose multiples share few places of a cache.
    private final int stride;

    private int[][] columns = new int[0][];
    private byte[] bytes = new byte[0];
    private int[] results = new int[0];

    /// @param most rows
    PixelColumns(int most) {
        this.most = most;
        this.stride = most + ROWS;
    }

    /// Reads a part of an image.
    ///
    /// @param results columns that [#put] will be given
    void load(RgbImage in, Box part, int results) {
        // two pixels are read as eight bytes, at the last one too
        int rowBytes = 3 * part.width() + 5;
        reserve(part.width(), rowBytes, results);
        for (int y = 0; y < part.height(); y += ROWS) {
            int count = Math.min(ROWS, part.height() - y);
            for (int k = 0; k < count; k++) {
                in.getRow(part.top() + y + k, part.left(), part.width(), bytes, k * rowBytes);
            }
            turn(rowBytes, count, part.width(), y);
        }
    }

    private void reserve(int width, int rowBytes, int resultColumns) {
        if (columns.length <= width) {
            columns = new int[width + 1][most];
        }
        if (bytes.length < ROWS * rowBytes) {
            bytes = new byte[ROWS * rowBytes];
        }
        if (results.length < resultColumns * stride) {
            results = new int[resultColumns * stride];
        }
    }

    private void turn(int rowBytes, int count, int width, int y) {
        for (int x = 0; x < width; x += 2) {
            if (count == ROWS) {
                // a number of rounds that is known is unrolled
                turn(columns[x], columns[x + 1], bytes, 3 * x, rowBytes, y);
            } else {
                int[] a = columns[x];
                int[] b = columns[x + 1];
                for (int k = 0; k < count; k++) {
                    long two = (long) PIXELS.get(bytes, 3 * x + k * rowBytes);
                    a[y + k] = (int) two;
                    b[y + k] = (int) (two >>> 24);
                }
            }
        }
    }

    private static void turn(int[] a, int[] b, byte[] bytes, int from, int rowBytes, int y) {
        for (int k = 0; k < ROWS; k++) {
            long two = (long) PIXELS.get(bytes, from + k * rowBytes);
            a[y + k] = (int) two;
            b[y + k] = (int) (two >>> 24);
        }
    }

    /// The columns of the part; the highest byte of a pixel may be anything.
    int[][] columns() {
        return columns;
    }

    /// Sets column `x` of the results.
    void put(int x, int[] pixels, int height) {
        System.arraycopy(pixels, 0, results, x * stride, height);
    }

    /// Writes the results to rows `first`, `first + 1` and so on of a ring, the first of which follows the last.
    void store(int width, int height, int[][] ring, int first) {
        int[] from = results;
        for (int y = 0; y < height; y++) {
            int[] row = ring[(first + y) % ring.length];
            for (int x = 0, at = y; x < width; x++, at += stride) {
                row[x] = from[at];
            }
        }
    }
}
