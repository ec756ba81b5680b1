package dev.lejepa.trainer.image;

/// The passes of an interlaced PNG, each a grid of pixels.
enum Adam7 {
    FIRST(0, 0, 8, 8),
    SECOND(4, 0, 8, 8),
    THIRD(0, 4, 4, 8),
    FOURTH(2, 0, 4, 4),
    FIFTH(0, 2, 2, 4),
    SIXTH(1, 0, 2, 2),
    SEVENTH(0, 1, 1, 2);

    private final int left;
    private final int top;
    private final int across;
    private final int down;

    Adam7(int left, int top, int across, int down) {
        this.left = left;
        this.top = top;
        this.across = across;
        this.down = down;
    }

    /// First column.
    int left() {
        return left;
    }

    /// Columns from one pixel to the next.
    int across() {
        return across;
    }

    /// Row of the picture that a row of the pass is.
    int row(int row) {
        return top + row * down;
    }

    /// Number of columns in a picture of so many.
    int columns(int width) {
        return (int) (((long) width - left + across - 1) / across);
    }

    /// Number of rows in a picture of so many.
    int rows(int height) {
        return (int) (((long) height - top + down - 1) / down);
    }
}
