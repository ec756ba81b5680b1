package dev.lejepa.trainer.image;

import java.util.Arrays;

/// Gaussian blur equal, level for level, to torchvision's on 8-bit images: a square kernel with weights in single
/// precision, edges mirrored without repeating the edge pixel, rounded half to even.
///
/// The reference sums all `kernel^2` products one after another; two passes of `kernel` products are far cheaper and
/// give the same level unless the sum lies next to the middle of two levels. Only there the long sum is redone, in the
/// reference's order. Keeps scratch buffers: one per worker.
public final class GaussianBlur {
    /// How near to the middle of two levels counts as next to it, as a part of the sum and per pixel of the kernel's
    /// side that counts: twice the largest difference between both ways of summing seen on random images, dark, bright
    /// and full of contrast. No product is negative, so that each rounding is a part of the sum.
    private static final float DOUBT_PER_TAP = 2.2e-7f;

    /// What is next to the middle in any case: the weights left out, and roundings of the comparison itself.
    private static final float LEAST_DOUBT = 4e-5f;

    /// Weights below this part of the central one are left out: 255 times all of them stays below 1e-5.
    private static final float NEGLIGIBLE = 1e-9f;

    /// Weights below this part of the central one change no bit of the long sum.
    private static final float VANISHING = 1e-15f;

    /// Rows whose doubtful pixels are looked for together: the bits of an `int`.
    private static final int ROWS = Integer.SIZE;

    private final GaussianKernel kernel = new GaussianKernel();
    private final MirroredRow row = new MirroredRow();
    private float[] sum = new float[0];
    /// The image after the pass along its rows.
    private float[][] rows = new float[0][];
    private int[] levels = new int[0];
    /// Which of the last rows are doubtful, a bit each.
    private int[] doubts = new int[0];
    private int[] result = new int[0];
    private int[] columns = new int[0];

    /// Blurs in place.
    ///
    /// @param side of the kernel, odd, at most twice the image's shorter side less 1 (mirrored edges)
    /// @param sigma standard deviation in pixels, above 0
    public void apply(PlanarImage image, int side, double sigma) {
        int width = image.width();
        int height = image.height();
        if (side / 2 >= Math.min(width, height)) {
            throw new IllegalArgumentException(
                    "a blur kernel of " + side + " does not fit an image of " + height + " x " + width);
        }
        kernel.prepare(side, sigma);
        int reach = kernel.reach(NEGLIGIBLE);
        reserve(width, height, side);
        for (int c = 0; c < image.planes(); c++) {
            int[] plane = image.plane(c);
            for (int y = 0; y < height; y++) {
                blurRow(plane, y * width, width, reach, rows[y]);
            }
            for (int y = 0; y < height; y += ROWS) {
                blurColumns(plane, y, Math.min(height, y + ROWS), width, height, reach);
            }
            result = image.exchange(c, result);
        }
    }

    private void reserve(int width, int height, int side) {
        if (columns.length < side) {
            columns = new int[side];
        }
        if (sum.length < width) {
            sum = new float[width];
            levels = new int[width];
            doubts = new int[width];
        }
        if (rows.length < height || rows[0].length < width) {
            rows = new float[height][width];
        }
        if (result.length < width * height) {
            result = new int[width * height];
        }
    }

    private void blurRow(int[] plane, int from, int width, int reach, float[] out) {
        row.load(plane, from, width, reach);
        row.begin(kernel.weight(0), weightOrNone(1, reach), out);
        for (int t = 2; t <= reach; t += 2) {
            row.addPairs(t, kernel.weight(t), weightOrNone(t + 1, reach), out);
        }
    }

    private float weightOrNone(int distance, int reach) {
        return distance <= reach ? kernel.weight(distance) : 0;
    }

    private void blurColumns(int[] plane, int begin, int end, int width, int height, int reach) {
        Arrays.fill(doubts, 0, width, 0);
        float doubt = DOUBT_PER_TAP * (2 * reach + 1);
        for (int y = begin; y < end; y++) {
            sumRows(y, width, height, reach);
            round(sum, 1 - doubt, 0.5f - LEAST_DOUBT, levels, width);
            findDoubts(sum, 1 + doubt, 0.5f + LEAST_DOUBT, levels, doubts, width);
            System.arraycopy(levels, 0, result, y * width, width);
        }
        for (int x = 0; x < width; x++) {
            for (int rest = doubts[x]; rest != 0; rest &= rest - 1) {
                int y = end - 1 - Integer.numberOfTrailingZeros(rest);
                result[y * width + x] = (int) Math.rint(longSum(plane, x, y, width, height));
            }
        }
    }

    private void sumRows(int y, int width, int height, int reach) {
        int near = Math.min(1, reach);
        begin(
                rows[y],
                kernel.weight(0),
                rows[mirror(y - near, height)],
                rows[mirror(y + near, height)],
                weightOrNone(1, reach),
                sum,
                width);
        for (int t = 2; t <= reach; t += 2) {
            int next = Math.min(t + 1, reach);
            addPairs(
                    rows[mirror(y - t, height)],
                    rows[mirror(y + t, height)],
                    kernel.weight(t),
                    rows[mirror(y - next, height)],
                    rows[mirror(y + next, height)],
                    weightOrNone(t + 1, reach),
                    sum,
                    width);
        }
    }

    // loops whose arrays share one index compile to vector instructions, loops with shifted ones do not

    private static void begin(
            float[] center, float weight, float[] a, float[] b, float pairWeight, float[] sum, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] = weight * center[x] + pairWeight * (a[x] + b[x]);
        }
    }

    private static void addPairs(
            float[] a, float[] b, float weight, float[] c, float[] d, float nextWeight, float[] sum, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] += weight * (a[x] + b[x]) + nextWeight * (c[x] + d[x]);
        }
    }

    /// Levels of sums that are a little less.
    private static void round(float[] sum, float factor, float half, int[] levels, int width) {
        for (int x = 0; x < width; x++) {
            levels[x] = (int) (sum[x] * factor + half);
        }
    }

    /// Appends a bit to each column: whether a sum that is a little more rounds to another level.
    private static void findDoubts(float[] sum, float factor, float half, int[] levels, int[] doubts, int width) {
        for (int x = 0; x < width; x++) {
            doubts[x] = doubts[x] + doubts[x] + (int) (sum[x] * factor + half) - levels[x];
        }
    }

    /// All products of one pixel's neighborhood, row by row, each added with a single rounding.
    private float longSum(int[] plane, int x, int y, int width, int height) {
        int reach = kernel.reach(VANISHING);
        for (int d = -reach; d <= reach; d++) {
            columns[d + reach] = mirror(x + d, width);
        }
        float acc = 0;
        for (int dy = -reach; dy <= reach; dy++) {
            int row = mirror(y + dy, height) * width;
            float rowWeight = kernel.weight(Math.abs(dy));
            for (int dx = 0; dx <= 2 * reach; dx++) {
                float weight = rowWeight * kernel.weight(Math.abs(dx - reach));
                acc = Math.fma(plane[row + columns[dx]], weight, acc);
            }
        }
        return acc;
    }

    private static int mirror(int i, int size) {
        int positive = Math.abs(i);
        return positive < size ? positive : 2 * (size - 1) - positive;
    }
}
