package dev.lejepa.trainer.image;

/// Gaussian blur equal, level for level, to torchvision's on 8-bit images: a square kernel with weights in single
/// precision, edges mirrored without repeating the edge pixel, rounded half to even.
///
/// The reference sums all `kernel^2` products one after another; two passes of `kernel` products are far cheaper and
/// give the same level unless the sum lies next to the middle of two levels. Only there the long sum is redone, in the
/// reference's order. Keeps scratch buffers: one per worker.
public final class GaussianBlur {
    /// How near to the middle of two levels counts as next to it, per pixel of the kernel's side: twice the largest
    /// difference between both ways of summing seen on random images, dark, bright and full of contrast.
    private static final float DOUBT_PER_TAP = 4e-5f;

    /// Weights below this part of the central one cannot move a sum out of the doubtful zone: 255 times all of them
    /// stays below 1e-5.
    private static final float NEGLIGIBLE = 1e-9f;

    /// Weights below this part of the central one change no bit of the long sum.
    private static final float VANISHING = 1e-15f;

    private final GaussianKernel kernel = new GaussianKernel();
    private float[] padded = new float[0];
    private float[] left = new float[0];
    private float[] right = new float[0];
    private float[] sum = new float[0];
    /// The image after the pass along its rows.
    private float[][] rows = new float[0][];
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
        for (int c = 0; c < 3; c++) {
            int[] plane = image.plane(c);
            for (int y = 0; y < height; y++) {
                blurRow(plane, y * width, width, reach, rows[y]);
            }
            for (int y = 0; y < height; y++) {
                sumRows(y, width, height, reach);
                round(plane, y, width, height);
            }
            result = image.exchange(c, result);
        }
    }

    private void reserve(int width, int height, int side) {
        if (padded.length < width + side) {
            padded = new float[width + side];
        }
        if (columns.length < side) {
            columns = new int[side];
        }
        if (sum.length < width) {
            sum = new float[width];
            left = new float[width];
            right = new float[width];
        }
        if (rows.length < height || rows[0].length < width) {
            rows = new float[height][width];
        }
        if (result.length < width * height) {
            result = new int[width * height];
        }
    }

    private void blurRow(int[] plane, int from, int width, int reach, float[] out) {
        float[] p = padded;
        for (int x = 0; x < width; x++) {
            p[x + reach] = plane[from + x];
        }
        for (int x = 1; x <= reach; x++) {
            p[reach - x] = p[reach + x];
            p[reach + width - 1 + x] = p[reach + width - 1 - x];
        }
        // loops whose arrays share one index compile to vector instructions, loops with shifted ones do not
        System.arraycopy(p, reach, out, 0, width);
        scale(out, kernel.weight(0), width);
        for (int t = 1; t <= reach; t++) {
            System.arraycopy(p, reach - t, left, 0, width);
            System.arraycopy(p, reach + t, right, 0, width);
            addPair(out, left, right, kernel.weight(t), width);
        }
    }

    private void sumRows(int y, int width, int height, int reach) {
        System.arraycopy(rows[y], 0, sum, 0, width);
        scale(sum, kernel.weight(0), width);
        for (int t = 1; t <= reach; t++) {
            addPair(sum, rows[mirror(y - t, height)], rows[mirror(y + t, height)], kernel.weight(t), width);
        }
    }

    private static void scale(float[] sum, float weight, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] *= weight;
        }
    }

    private static void addPair(float[] sum, float[] a, float[] b, float weight, int width) {
        for (int x = 0; x < width; x++) {
            sum[x] += weight * (a[x] + b[x]);
        }
    }

    private void round(int[] plane, int y, int width, int height) {
        float[] s = sum;
        int[] out = result;
        int at = y * width;
        for (int x = 0; x < width; x++) {
            out[at + x] = (int) (s[x] + 0.5f);
        }
        float certain = 0.5f - DOUBT_PER_TAP * kernel.side();
        for (int x = 0; x < width; x++) {
            if (Math.abs(s[x] - out[at + x]) > certain) {
                out[at + x] = (int) Math.rint(longSum(plane, x, y, width, height));
            }
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
