package dev.lejepa.trainer.image;

import java.lang.foreign.MemorySegment;

/// How an image is seen in evaluation and by an exported encoder: the shorter side resized, then the central square.
/// Keeps scratch buffers: one per worker.
public final class EvalTransform {
    private final int resize;
    private final int size;
    private final Resizer resizer;
    private final PlanarImage view = new PlanarImage();

    /// The whole of the shorter side is seen, bilinear.
    ///
    /// @param size side of the result in pixels
    public EvalTransform(int size) {
        this(size, size, Interpolation.BILINEAR);
    }

    /// @param resize what the shorter side becomes, in pixels
    /// @param size side of the result in pixels, at most `resize`
    public EvalTransform(int resize, int size, Interpolation interpolation) {
        if (size > resize) {
            throw new IllegalArgumentException("a square of " + size + " of a side of " + resize + " pixels");
        }
        this.resize = resize;
        this.size = size;
        this.resizer = new Resizer(interpolation);
    }

    /// Writes bytes `[3, size, size]` at `offset`.
    public void write(RgbImage image, MemorySegment out, long offset) {
        transform(image);
        view.write(out, offset);
    }

    /// The result as a picture.
    public void render(RgbImage image, RgbImage out) {
        transform(image);
        view.store(out);
    }

    private void transform(RgbImage image) {
        int shorter = Math.min(image.width(), image.height());
        int width = resized(image.width(), shorter);
        int height = resized(image.height(), shorter);
        // only the square is computed
        resizer.resize(image, Box.of(image), height, width, Box.center(height, width, size, size), view);
    }

    private int resized(int side, int shorter) {
        return side == shorter ? resize : (int) ((double) ((long) resize * side) / shorter);
    }
}
