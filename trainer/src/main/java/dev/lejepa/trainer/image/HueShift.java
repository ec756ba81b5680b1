package dev.lejepa.trainer.image;

/// Hue rotation as torchvision does it on PIL images: to 8-bit HSV, the hue moved modulo 256, and back. The round trip
/// through 8 bits changes pixels even where the shift is zero. Keeps scratch buffers: one per worker.
///
/// PIL mixes single and double precision and looks pixels up in branches. Here it is integers and single precision
/// without a branch, equal for every color there is, in loops so short that each compiles to vector instructions (one
/// loop with all of it does not), over as many pixels as the nearest cache holds.
public final class HueShift {
    private static final int PIXELS = 1024;

    private final int[] red = new int[PIXELS];
    private final int[] green = new int[PIXELS];
    private final int[] blue = new int[PIXELS];
    private final int[] most = new int[PIXELS];
    private final int[] least = new int[PIXELS];
    private final int[] strength = new int[PIXELS];
    private final int[] part = new int[PIXELS];
    private final int[] sixths = new int[PIXELS];
    private final float[] hue = new float[PIXELS];
    private final int[] turn = new int[PIXELS];

    /// Rotates in place.
    ///
    /// @param factor -0.5 to 0.5 of a full turn; cut to whole 1/255 of it
    public void apply(PlanarImage image, double factor) {
        if (!(factor >= -0.5 && factor <= 0.5)) {
            throw new IllegalArgumentException("hue factor is " + factor + ", expected -0.5 to 0.5");
        }
        int shift = whole(factor);
        for (int from = 0; from < image.pixels(); from += PIXELS) {
            int count = Math.min(PIXELS, image.pixels() - from);
            System.arraycopy(image.plane(0), from, red, 0, count);
            System.arraycopy(image.plane(1), from, green, 0, count);
            System.arraycopy(image.plane(2), from, blue, 0, count);
            rotate(shift, count);
            System.arraycopy(red, 0, image.plane(0), from, count);
            System.arraycopy(green, 0, image.plane(1), from, count);
            System.arraycopy(blue, 0, image.plane(2), from, count);
        }
    }

    /// A shift in whole 255ths of the circle.
    static int whole(double factor) {
        return (int) (factor * 255);
    }

    private void rotate(int shift, int count) {
        findExtremes(red, green, blue, most, least, count);
        findStrength(most, least, strength, count);
        findPart(red, green, blue, least, part, count);
        findSixths(red, blue, least, sixths, count);
        findHue(sixths, part, most, least, hue, count);
        turn(hue, shift, turn, count);
        writeRed(most, strength, turn, red, count);
        writeGreen(most, strength, turn, green, count);
        writeBlue(most, strength, turn, blue, count);
    }

    private static void findExtremes(int[] r, int[] g, int[] b, int[] most, int[] least, int count) {
        for (int i = 0; i < count; i++) {
            most[i] = Math.max(r[i], Math.max(g[i], b[i]));
            least[i] = Math.min(r[i], Math.min(g[i], b[i]));
        }
    }

    /// Value times saturation.
    private static void findStrength(int[] most, int[] least, int[] strength, int count) {
        for (int i = 0; i < count; i++) {
            strength[i] = most[i] * (int) ((most[i] - least[i]) / (float) Math.max(1, most[i]) * 255f);
        }
    }

    // A hue is PIL's (most - b) / range - (most - g) / range sixths of the circle where red is most, and likewise
    // from 2 on where green is and from 4 on where blue is. One quotient is 0 or 1, that of the least color being 1:
    // left are an integer and one quotient, whose sum is rounded once, as PIL has it in double precision. Masks are
    // all ones where a color is the least, blue before red before green.

    private static void findPart(int[] r, int[] g, int[] b, int[] least, int[] part, int count) {
        for (int i = 0; i < count; i++) {
            int notBlue = least[i] - b[i] >> 31;
            int notRed = least[i] - r[i] >> 31;
            part[i] = ~notBlue & g[i] - r[i] | notBlue & (~notRed & b[i] - g[i] | notRed & r[i] - b[i]);
        }
    }

    /// 1, 3 or 5 by the least color; -1 for 5 where red is most, as its hues lie on both sides of 0.
    private static void findSixths(int[] r, int[] b, int[] least, int[] sixths, int count) {
        for (int i = 0; i < count; i++) {
            int notBlue = least[i] - b[i] >> 31;
            int notRed = least[i] - r[i] >> 31;
            int blueIsMost = r[i] - b[i] >> 31;
            sixths[i] = 1 + (notBlue & 2 + (notRed & -4 + (blueIsMost & 6)));
        }
    }

    /// 0 to 255, not yet cut to an integer; any number where there is no color.
    private static void findHue(int[] sixths, int[] part, int[] most, int[] least, float[] hue, int count) {
        for (int i = 0; i < count; i++) {
            float range = Math.max(1, most[i] - least[i]);
            int oneIfNegative = sixths[i] >>> 31;
            hue[i] = ((sixths[i] + part[i] / range) / 6f + oneIfNegative) * 255f;
        }
    }

    /// Six times the new hue: 255 a sixth of the circle.
    private static void turn(float[] hue, int shift, int[] turn, int count) {
        for (int i = 0; i < count; i++) {
            turn[i] = ((int) hue[i] + shift & 0xFF) * 6;
        }
    }

    private static void writeRed(int[] most, int[] strength, int[] turn, int[] red, int count) {
        for (int i = 0; i < count; i++) {
            red[i] = level(most[i], strength[i], Math.min(turn[i] - 255, 1275 - turn[i]));
        }
    }

    private static void writeGreen(int[] most, int[] strength, int[] turn, int[] green, int count) {
        for (int i = 0; i < count; i++) {
            green[i] = level(most[i], strength[i], Math.max(255 - turn[i], turn[i] - 765));
        }
    }

    private static void writeBlue(int[] most, int[] strength, int[] turn, int[] blue, int count) {
        for (int i = 0; i < count; i++) {
            blue[i] = level(most[i], strength[i], Math.max(765 - turn[i], turn[i] - 1275));
        }
    }

    /// The level of a color that lies `distance` 255ths of a sixth away from where it is most, and loses as much of the
    /// saturation, which is in 255ths too.
    private static int level(int most, int strength, int distance) {
        int lost = strength * Math.max(0, Math.min(255, distance));
        return (int) (most + 0.5f - lost / (255f * 255f));
    }
}
