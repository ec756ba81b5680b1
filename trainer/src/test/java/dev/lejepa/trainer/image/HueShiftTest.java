package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HueShiftTest {
    /// All reds and greens with one blue are an image.
    @ParameterizedTest
    @ValueSource(doubles = {-0.2, 0.0, 0.5})
    void everyColorEqualsPilsOwnArithmetic(double factor) {
        HueShift hueShift = new HueShift();
        PlanarImage image = new PlanarImage();
        for (int blue = 0; blue < 256; blue++) {
            image.reshape(256, 256);
            for (int i = 0; i < image.pixels(); i++) {
                image.plane(0)[i] = i >> 8;
                image.plane(1)[i] = i & 0xFF;
                image.plane(2)[i] = blue;
            }
            hueShift.apply(image, factor);
            for (int i = 0; i < image.pixels(); i++) {
                int found = image.plane(0)[i] << 16 | image.plane(1)[i] << 8 | image.plane(2)[i];
                int expected = rotated(i >> 8, i & 0xFF, blue, (int) (factor * 255));
                if (found != expected) {
                    assertEquals(hex(expected), hex(found), hex(i << 8 | blue) + " turned by " + factor);
                }
            }
        }
    }

    private static String hex(int rgb) {
        return Integer.toHexString(rgb);
    }

    /// In the steps and the precisions of PIL's `Convert.c`.
    private static int rotated(int r, int g, int b, int shift) {
        int most = Math.max(r, Math.max(g, b));
        int least = Math.min(r, Math.min(g, b));
        if (most == least) {
            return r << 16 | g << 8 | b;
        }
        float range = most - least;
        int saturation = (int) (range / most * 255.0);
        int hue = hue(r, g, b, most, range) + shift & 0xFF;
        return saturation == 0 ? most * 0x010101 : rgb(hue, saturation, most);
    }

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

    private static int rgb(int hue, int saturation, int value) {
        int sextant = hue * 6 / 255;
        float fs = saturation / 255.0f;
        float f = (float) (hue * 6.0 / 255.0 - sextant);
        int p = (int) (value * (1.0 - fs) + 0.5);
        int q = (int) (value * (1.0 - fs * f) + 0.5);
        int t = (int) (value * (1.0 - fs * (1.0 - f)) + 0.5);
        return switch (sextant) {
            case 1 -> q << 16 | value << 8 | p;
            case 2 -> p << 16 | value << 8 | t;
            case 3 -> p << 16 | q << 8 | value;
            case 4 -> t << 16 | p << 8 | value;
            case 5 -> value << 16 | p << 8 | q;
            default -> value << 16 | t << 8 | p;
        };
    }
}
