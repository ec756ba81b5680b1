package dev.lejepa.trainer.image;

/// Crop and resize as PIL's `crop` and `resize`: antialiased, columns first, rounded to 8 bits, then rows.
/// Nothing outside the crop is looked at. (Pillow 13 resizes the rows of tall crops first, which moves some pixels by a
/// level; this is the order of the versions before.) Keeps scratch rows: one per worker.
///
/// Both passes add up whole lines of pixels, which compiles to vector instructions. The first of them adds columns, so
/// a strip of rows is turned into columns before it and back behind it.
public final class Resizer {
    private final ResizeTaps columns;
    private final ResizeTaps rows;
    private final PixelColumns strip = new PixelColumns();
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
        int left = columns.first(0);
        int right = columns.first(window.width() - 1) + columns.count(window.width() - 1);
        reserve(window.width(), rows.stride());
        int done = rows.first(0);
        for (int y = 0; y < window.height(); y++) {
            while (done < rows.first(y) + rows.count(y)) {
                int begin = Math.max(done, rows.first(y));
                done = Math.min(begin + PixelColumns.rows(right - left), end);
                Box part = new Box(crop.top() + begin, crop.left() + left, done - begin, right - left);
                resizeColumns(in, part, left, begin, window.width());
            }
            resizeRows(y, window.width(), out);
        }
    }

    private void reserve(int width, int depth) {
        sum.reserve(Math.max(width, PixelColumns.MOST));
        if (ring.length < depth + PixelColumns.MOST || ring[0].length < width) {
            ring = new int[Math.max(ring.length, depth + PixelColumns.MOST)][width];
        }
    }

    /// A part of the image to rows of `width` pixels in the ring.
    ///
    /// @param left place of the part in the crop
    /// @param begin its first row there
    private void resizeColumns(RgbImage in, Box part, int left, int begin, int width) {
        strip.load(in, part, width);
        for (int x = 0; x < width; x++) {
            sum.choose(strip.columns(), columns.first(x) - left, columns, x);
            strip.put(x, sum.pixels(part.height()), part.height());
        }
        strip.store(width, part.height(), ring, begin);
    }

    /// Row `y` of the output: the weighted sum of rows in the ring.
    private void resizeRows(int y, int width, PlanarImage out) {
        sum.choose(ring, rows.first(y), rows, y);
        for (int c = 0; c < 3; c++) {
            System.arraycopy(sum.levels(c, width), 0, out.plane(c), y * width, width);
        }
    }
}
