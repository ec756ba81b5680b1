package dev.lejepa.trainer.image;

/// Hue rotation as torchvision does it on PIL images: to 8-bit HSV, the hue moved modulo 256, and back. The round trip
/// through 8 bits changes pixels even where the shift is zero.
public final class HueShift {
    private static final int LEVELS = 255;

    /// A saturation as a fraction.
    private static final float[] PARTS = parts();

    /// How far a hue lies within its sixth of the circle, 0 to 1.
    private static final float[] WITHIN_SEXTANT = withinSextant();

    private HueShift() {}

    /// @param factor -0.5 to 0.5 of a full turn; cut to whole 1/255 of it
    public static void apply(PlanarImage image, double factor) {
        if (!(factor >= -0.5 && factor <= 0.5)) {
            throw new IllegalArgumentException("hue factor is " + factor + ", expected -0.5 to 0.5");
        }
        int shift = whole(factor);
        int[] red = image.plane(0);
        int[] green = image.plane(1);
        int[] blue = image.plane(2);
        int pixels = image.pixels();
        for (int i = 0; i < pixels; i++) {
            int r = red[i];
            int g = green[i];
            int b = blue[i];
            int most = Math.max(r, Math.max(g, b));
            int least = Math.min(r, Math.min(g, b));
            if (most == least) {
                continue;
            }
            float range = most - least;
            int saturation = (int) (range / most * 255.0);
            int hue = hue(r, g, b, most, range) + shift & 0xFF;
            int rgb = saturation == 0 ? most * 0x010101 : rgb(hue, saturation, most);
            red[i] = rgb >> 16;
            green[i] = rgb >> 8 & 0xFF;
            blue[i] = rgb & 0xFF;
        }
    }

    /// A shift in whole 255ths of the circle.
    static int whole(double factor) {
        return (int) (factor * 255);
    }

    /// Hue 0 to 255; mixed single and double precision exactly as PIL has it.
    private static int hue(int r, int g, int b, int most, float range) {
        float h;
        if (r == most) {
            h = (r - b) / range - (r - g) / range;
        } else if (g == most) {
            h = (float) (2.0 + (g - r) / range - (g - b) / range);
        } else {
            h = (float) (4.0 + (b - g) / range - (b - r) / range);
        }
        double turns = h / 6.0 + 1.0;
        h = (float) (turns >= 1.0 ? turns - 1.0 : turns);
        return (int) (h * 255.0);
    }

    /// Red, green and blue packed into one number.
    private static int rgb(int hue, int saturation, int value) {
        float fs = PARTS[saturation];
        float f = WITHIN_SEXTANT[hue];
        int p = round(value * (1.0 - fs));
        int q = round(value * (1.0 - fs * f));
        int t = round(value * (1.0 - fs * (1.0 - f)));
        return switch (hue * 6 / LEVELS) {
            case 1 -> q << 16 | value << 8 | p;
            case 2 -> p << 16 | value << 8 | t;
            case 3 -> p << 16 | q << 8 | value;
            case 4 -> t << 16 | p << 8 | value;
            case 5 -> value << 16 | p << 8 | q;
            default -> value << 16 | t << 8 | p;
        };
    }

    /// Half away from zero; arguments lie between 0 and 255.
    private static int round(double x) {
        return (int) (x + 0.5);
    }

    private static float[] parts() {
        float[] parts = new float[LEVELS + 1];
        for (int i = 0; i <= LEVELS; i++) {
            parts[i] = i / 255.0f;
        }
        return parts;
    }

    private static float[] withinSextant() {
        float[] within = new float[LEVELS + 1];
        for (int hue = 0; hue <= LEVELS; hue++) {
            int sextant = hue * 6 / LEVELS;
            within[hue] = (float) (hue * 6.0 / 255.0 - sextant);
        }
        return within;
    }
}
