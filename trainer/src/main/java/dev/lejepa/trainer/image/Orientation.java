package dev.lejepa.trainer.image;

/// How the stored rows and columns lie in the upright picture: EXIF's values 1 to 8.
///
/// Each is a transposition, where `swaps`, of the stored image, followed by reversing the columns, the rows or both.
public enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN_RIGHT(true, true, false),
    TRANSVERSED(true, true, true),
    QUARTER_TURN_LEFT(true, false, true);

    private final boolean swaps;
    private final boolean reverseColumns;
    private final boolean reverseRows;

    Orientation(boolean swaps, boolean reverseColumns, boolean reverseRows) {
        this.swaps = swaps;
        this.reverseColumns = reverseColumns;
        this.reverseRows = reverseRows;
    }

    /// EXIF's value; anything but 2 to 8 is upright.
    static Orientation of(int exif) {
        return exif >= 2 && exif <= 8 ? values()[exif - 1] : UPRIGHT;
    }

    /// Whether width and height change places.
    public boolean swaps() {
        return swaps;
    }

    /// Byte of the upright picture where the first pixel of a stored row belongs.
    ///
    /// @param row as stored
    /// @param width of the upright picture
    /// @param height of the upright picture
    long place(int row, int width, int height) {
        int across = swaps ? row : 0;
        int down = swaps ? 0 : row;
        long x = reverseColumns ? width - 1 - across : across;
        long y = reverseRows ? height - 1 - down : down;
        return 3 * (y * width + x);
    }

    /// Bytes of the upright picture from one pixel of a stored row to the next.
    ///
    /// @param width of the upright picture
    long step(int width) {
        long step = swaps ? 3L * width : 3;
        return (swaps ? reverseRows : reverseColumns) ? -step : step;
    }
}
