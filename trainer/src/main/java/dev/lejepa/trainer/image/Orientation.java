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

    /// Writes the upright picture.
    void apply(RgbImage stored, RgbImage upright) {
        int width = swaps ? stored.height() : stored.width();
        int height = swaps ? stored.width() : stored.height();
        upright.reshape(width, height);
        int columnStep = swaps ? 3 * stored.width() : 3;
        int rowStep = swaps ? 3 : 3 * stored.width();
        int origin = (reverseColumns ? (width - 1) * columnStep : 0) + (reverseRows ? (height - 1) * rowStep : 0);
        int dx = reverseColumns ? -columnStep : columnStep;
        int dy = reverseRows ? -rowStep : rowStep;
        byte[] in = stored.data();
        byte[] out = upright.data();
        int o = 0;
        for (int y = 0; y < height; y++) {
            int i = origin + y * dy;
            for (int x = 0; x < width; x++, i += dx, o += 3) {
                out[o] = in[i];
                out[o + 1] = in[i + 1];
                out[o + 2] = in[i + 2];
            }
        }
    }
}
