package dev.lejepa.trainer.image;

import java.util.Arrays;

/// Crop and resize as PIL's `crop` and `resize`: antialiased, columns first, rounded to 8 bits, then rows.
/// Nothing outside the crop is looked at. (Pillow 13 resizes the rows of tall crops first, which moves some pixels by a
/// level; this is the order of the versions before.) Keeps scratch rows: one per worker.
public final class Resizer {
    private static final int HALF = 1 << ResizeTaps.FRACTION_BITS - 1;

    private final ResizeTaps columns;
    private final ResizeTaps rows;
    /// Input rows whose columns are already resized: row `y` of color `c` is `ring[3 * (y % depth) + c]`.
    private int[][] ring = new int[0][];
    private int[] sum = new int[0];
    /// The pixels of an input row that are looked at.
    private byte[] row = new byte[0];

    /// The bilinear one, which views are made with.
    public Resizer() {
        this(Interpolation.BILINEAR);
    }

    public Resizer(Interpolation interpolation) {
        columns = new ResizeTaps(interpolation);
        rows = new ResizeTaps(interpolation);
    }

    /// Resizes the crop of an image to `height` x `width`.
    public void resize(RgbImage in, Box crop, int height, int width, PlanarImage out) {
        resize(in, crop, height, width, new Box(0, 0, height, width), out);
    }

    /// As above, computing only the part `window` of the result.
    public void resize(RgbImage in, Box crop, int height, int width, Box window, PlanarImage out) {
        crop.requireWithin(in.height(), in.width());
        window.requireWithin(height, width);
        columns.prepare(crop.width(), width, window.left(), window.width());
        rows.prepare(crop.height(), height, window.top(), window.height());
        out.reshape(window.width(), window.height());
        int depth = rows.stride();
        int left = columns.first(0);
        int right = columns.first(window.width() - 1) + columns.count(window.width() - 1);
        reserve(3 * depth, window.width(), right - left);
        int done = rows.first(0);
        for (int y = 0; y < window.height(); y++) {
            int end = rows.first(y) + rows.count(y);
            for (done = Math.max(done, rows.first(y)); done < end; done++) {
                in.getRow(crop.top() + done, crop.left() + left, right - left, row);
                int slot = 3 * (done % depth);
                resizeRow(left, window.width(), ring[slot], ring[slot + 1], ring[slot + 2]);
            }
            for (int c = 0; c < 3; c++) {
                combineRows(y, c, depth, window.width(), out.plane(c));
            }
        }
    }

    private void reserve(int slots, int width, int pixels) {
        if (row.length < 3L * pixels) {
            row = new byte[Math.multiplyExact(3, pixels)];
        }
        if (ring.length < slots || ring[0].length < width) {
            ring = new int[Math.max(slots, ring.length)][width];
            sum = new int[width];
        }
    }

    /// The row of interleaved bytes to three rows of `width` values.
    ///
    /// @param left column that the row begins with
    private void resizeRow(int left, int width, int[] red, int[] green, int[] blue) {
        byte[] in = row;
        int[] firsts = columns.firsts();
        int[] counts = columns.counts();
        int[] weights = columns.weights();
        int stride = columns.stride();
        for (int x = 0; x < width; x++) {
            int r = HALF;
            int g = HALF;
            int b = HALF;
            int i = 3 * (firsts[x] - left);
            int w = x * stride;
            for (int end = w + counts[x]; w < end; w++, i += 3) {
                int weight = weights[w];
                r += (in[i] & 0xFF) * weight;
                g += (in[i + 1] & 0xFF) * weight;
                b += (in[i + 2] & 0xFF) * weight;
            }
            red[x] = eightBits(r);
            green[x] = eightBits(g);
            blue[x] = eightBits(b);
        }
    }

    /// Row `y` of the output: the weighted sum of rows in the ring, all columns at once.
    private void combineRows(int y, int color, int depth, int width, int[] plane) {
        int first = rows.first(y);
        int count = rows.count(y);
        int at = y * width;
        if (count == 1) {
            System.arraycopy(ring[3 * (first % depth) + color], 0, plane, at, width);
            return;
        }
        Arrays.fill(sum, 0, width, HALF);
        for (int k = 0; k < count; k++) {
            addProduct(sum, ring[3 * ((first + k) % depth) + color], rows.weight(y, k), width);
        }
        cut(sum, width);
        System.arraycopy(sum, 0, plane, at, width);
    }

    // loops whose arrays share one index compile to vector instructions, loops with shifted ones do not

    private static void addProduct(int[] sum, int[] row, int weight, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] += row[x] * weight;
        }
    }

    private static void cut(int[] sum, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] = eightBits(sum[x]);
        }
    }

    private static int eightBits(int fixed) {
        return Math.max(0, Math.min(255, fixed >> ResizeTaps.FRACTION_BITS));
    }
}
