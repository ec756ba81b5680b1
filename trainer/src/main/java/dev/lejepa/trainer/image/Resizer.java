package dev.lejepa.trainer.image;

/// Crop and resize as PIL's `crop` and `resize`: antialiased, columns first, rounded to 8 bits, then rows.
/// Nothing outside the crop is looked at. (Pillow 13 resizes the rows of tall crops first, which moves some pixels by a
/// level; this is the order of the versions before.) Keeps scratch rows: one per worker.
///
/// Both passes add up whole lines of pixels, which compiles to vector instructions. The first of them adds columns, so
/// a strip of rows is turned into columns before it and back behind it.
public final class Resizer {
    /// Rows of a strip: enough for vector instructions, few enough for a core's own cache.
    private static final int STRIP = 256;

    private final ResizeTaps columns;
    private final ResizeTaps rows;
    private final PixelColumns strip = new PixelColumns(STRIP);
    private final LineSum sum = new LineSum();
    /// Rows of packed pixels whose columns are resized: row `y` is `ring[y % ring.length]`.
    private int[][] ring = new int[0][];

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
        int last = window.height() - 1;
        int end = rows.first(last) + rows.count(last);
        reserve(window.width(), rows.stride());
        int done = rows.first(0);
        for (int y = 0; y < window.height(); y++) {
            while (done < rows.first(y) + rows.count(y)) {
                int begin = Math.max(done, rows.first(y));
                done = Math.min(begin + STRIP, end);
                resizeColumns(in, crop, begin, done, window.width());
            }
            resizeRows(y, window.width(), out);
        }
    }

    private void reserve(int width, int depth) {
        sum.reserve(Math.max(width, STRIP));
        if (ring.length < depth + STRIP || ring[0].length < width) {
            ring = new int[Math.max(ring.length, depth + STRIP)][width];
        }
    }

    /// Rows `begin` to `end` of the crop to rows of `width` pixels in the ring.
    private void resizeColumns(RgbImage in, Box crop, int begin, int end, int width) {
        int left = columns.first(0);
        int right = columns.first(width - 1) + columns.count(width - 1);
        int height = end - begin;
        strip.load(in, new Box(crop.top() + begin, crop.left() + left, height, right - left), width);
        for (int x = 0; x < width; x++) {
            sum.choose(strip.columns(), columns.first(x) - left, columns, x);
            strip.put(x, sum.pixels(height), height);
        }
        strip.store(width, height, ring, begin);
    }

    /// Row `y` of the output: the weighted sum of rows in the ring.
    private void resizeRows(int y, int width, PlanarImage out) {
        sum.choose(ring, rows.first(y), rows, y);
        for (int c = 0; c < 3; c++) {
            System.arraycopy(sum.levels(c, width), 0, out.plane(c), y * width, width);
        }
    }
}
