package dev.lejepa.trainer.image;

/// What the components of a JPEG file are, as far as that matters here: libjpeg finds out by itself what three of them
/// are.
enum JpegColor {
    /// Gray, or what becomes red, green and blue.
    LIGHT,
    CMYK,
    YCCK,
    /// Two components, or more than four.
    OTHER;

    /// The transform of a file without an Adobe segment.
    static final int NO_ADOBE = -1;

    private static final int CMYK_TRANSFORM = 0;
    private static final int YCCK_TRANSFORM = 2;

    boolean isInks() {
        return this == CMYK || this == YCCK;
    }

    /// @param components of the frame
    /// @param adobeTransform of the last Adobe segment
    static JpegColor of(int components, int adobeTransform) {
        return switch (components) {
            case 1, 3 -> LIGHT;
            case 4 -> adobeTransform == NO_ADOBE || adobeTransform == CMYK_TRANSFORM ? CMYK : YCCK;
            default -> OTHER;
        };
    }

    /// An Adobe segment that says so without any room for guessing.
    byte[] marker() {
        byte transform = (byte) (this == YCCK ? YCCK_TRANSFORM : CMYK_TRANSFORM);
        return new byte[] {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};
    }
}
