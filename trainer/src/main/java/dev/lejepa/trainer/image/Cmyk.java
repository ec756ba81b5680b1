package dev.lejepa.trainer.image;

/// Four-component JPEG samples to RGB as PIL does: libjpeg's conversion of YCCK to CMYK, samples taken as inverted
/// (Adobe's habit), then each ink darkened by black.
final class Cmyk {
    private static final int SCALE_BITS = 16;
    private static final int HALF = 1 << SCALE_BITS - 1;

    private Cmyk() {}

    /// @param samples four bytes a pixel
    /// @param from the first of them
    /// @param rgb takes three bytes a pixel
    static void toRgb(JpegColor color, byte[] samples, int from, byte[] rgb) {
        if (color == JpegColor.YCCK) {
            fromYcck(samples, from, rgb);
        } else {
            fromCmyk(samples, from, rgb);
        }
    }

    private static void fromCmyk(byte[] samples, int from, byte[] rgb) {
        for (int i = from, o = 0; o < rgb.length; i += 4, o += 3) {
            int light = samples[i + 3] & 0xFF;
            rgb[o] = ink(samples[i] & 0xFF, light);
            rgb[o + 1] = ink(samples[i + 1] & 0xFF, light);
            rgb[o + 2] = ink(samples[i + 2] & 0xFF, light);
        }
    }

    private static void fromYcck(byte[] samples, int from, byte[] rgb) {
        for (int i = from, o = 0; o < rgb.length; i += 4, o += 3) {
            int y = samples[i] & 0xFF;
            int cb = (samples[i + 1] & 0xFF) - 128;
            int cr = (samples[i + 2] & 0xFF) - 128;
            int light = samples[i + 3] & 0xFF;
            rgb[o] = ink(clamp(255 - (y + (fix(1.40200) * cr + HALF >> SCALE_BITS))), light);
            int green = -fix(0.34414) * cb - fix(0.71414) * cr + HALF >> SCALE_BITS;
            rgb[o + 1] = ink(clamp(255 - (y + green)), light);
            rgb[o + 2] = ink(clamp(255 - (y + (fix(1.77200) * cb + HALF >> SCALE_BITS))), light);
        }
    }

    /// @param stored the stored sample, 255 for no ink
    /// @param light 255 for no black
    private static byte ink(int stored, int light) {
        int product = (255 - stored) * light + 128;
        return (byte) clamp(light - ((product >> 8) + product >> 8));
    }

    private static int fix(double x) {
        return (int) (x * (1 << SCALE_BITS) + 0.5);
    }

    private static int clamp(int v) {
        return Math.clamp(v, 0, 255);
    }
}
