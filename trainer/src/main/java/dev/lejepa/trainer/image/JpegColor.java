package dev.lejepa.trainer.image;

/// What the components of a JPEG file are, decided as libjpeg does.
enum JpegColor {
    GRAY(1, 0),
    YCBCR(3, 1),
    RGB(3, 0),
    CMYK(4, 0),
    YCCK(4, 2);

    /// The transform of a file without an Adobe segment.
    static final int NO_ADOBE = -1;

    /// Bytes that [#writeMarker] and the start of the image may add to a file.
    static final int OVERHEAD = 18;

    private final int components;
    private final int adobeTransform;

    JpegColor(int components, int adobeTransform) {
        this.components = components;
        this.adobeTransform = adobeTransform;
    }

    int components() {
        return components;
    }

    /// @param ids component identifiers of the frame header
    static JpegColor of(String name, int[] ids, boolean jfif, int adobeTransform) throws BrokenImageException {
        return switch (ids.length) {
            case 1 -> GRAY;
            case 3 -> {
                if (!jfif && adobeTransform != NO_ADOBE) {
                    yield adobeTransform == 0 ? RGB : YCBCR;
                }
                yield !jfif && ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCBCR;
            }
            case 4 -> adobeTransform == NO_ADOBE || adobeTransform == 0 ? CMYK : YCCK;
            default -> throw new BrokenImageException(name, "JPEG with " + ids.length + " components");
        };
    }

    /// Writes the Adobe segment that says so without any room for guessing, and returns the offset behind it.
    int writeMarker(byte[] out, int at) {
        if (this == GRAY) {
            return at;
        }
        byte transform = (byte) adobeTransform;
        byte[] segment = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};
        System.arraycopy(segment, 0, out, at, segment.length);
        return at + segment.length;
    }
}
