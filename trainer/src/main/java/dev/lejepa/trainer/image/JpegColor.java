package dev.lejepa.trainer.image;

/// What the components of a JPEG file are, decided as libjpeg does.
enum JpegColor {
    GRAY(0),
    YCBCR(1),
    RGB(0),
    CMYK(0),
    YCCK(2),
    /// Two components, or more than four.
    OTHER(0);

    /// The transform of a file without an Adobe segment.
    static final int NO_ADOBE = -1;

    private static final int NO_TRANSFORM = 0;

    private final int adobeTransform;

    JpegColor(int adobeTransform) {
        this.adobeTransform = adobeTransform;
    }

    boolean isInks() {
        return this == CMYK || this == YCCK;
    }

    /// @param components of the frame
    /// @param named whether three components are called R, G and B
    /// @param jfif whether there is a JFIF segment
    /// @param adobeTransform of the last Adobe segment
    static JpegColor of(int components, boolean named, boolean jfif, int adobeTransform) {
        return switch (components) {
            case 1 -> GRAY;
            case 3 -> jfif ? YCBCR : ofThree(named, adobeTransform);
            case 4 -> adobeTransform == NO_ADOBE || adobeTransform == NO_TRANSFORM ? CMYK : YCCK;
            default -> OTHER;
        };
    }

    private static JpegColor ofThree(boolean named, int adobeTransform) {
        boolean plain = adobeTransform == NO_ADOBE ? named : adobeTransform == NO_TRANSFORM;
        return plain ? RGB : YCBCR;
    }

    /// An Adobe segment that says so without any room for guessing.
    byte[] marker() {
        byte transform = (byte) adobeTransform;
        return new byte[] {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};
    }
}
