package dev.lejepa.trainer.image;

/// Brightness, contrast, saturation, grayscale and solarize, in place, equal to PIL's `ImageEnhance` and `ImageOps`.
///
/// PIL's enhancers blend a degenerate image with the given one in single precision and cut the result to an integer:
/// `trunc(clip(degenerate + factor * (value - degenerate), 0, 255))`.
public final class ColorOps {
    private ColorOps() {}

    /// Blend with black. @param factor 0 or more; 1 changes nothing
    public static void brightness(PlanarImage image, double factor) {
        blend(image, 0, (float) factor);
    }

    /// Blend with the mean luma of the image, rounded to an integer. @param factor 0 or more
    public static void contrast(PlanarImage image, double factor) {
        blend(image, meanLuma(image), (float) factor);
    }

    /// Blend with the image's own luma. @param factor 0 or more
    public static void saturation(PlanarImage image, double factor) {
        int[] red = image.plane(0);
        int[] green = image.plane(1);
        int[] blue = image.plane(2);
        float f = (float) factor;
        int pixels = image.pixels();
        for (int i = 0; i < pixels; i++) {
            int luma = luma(red[i], green[i], blue[i]);
            red[i] = clip((int) (luma + f * (red[i] - luma)));
            green[i] = clip((int) (luma + f * (green[i] - luma)));
            blue[i] = clip((int) (luma + f * (blue[i] - luma)));
        }
    }

    /// Luma in all three colors.
    public static void grayscale(PlanarImage image) {
        int[] red = image.plane(0);
        int[] green = image.plane(1);
        int[] blue = image.plane(2);
        int pixels = image.pixels();
        for (int i = 0; i < pixels; i++) {
            red[i] = luma(red[i], green[i], blue[i]);
        }
        image.makeGray();
    }

    /// Inverts values of `threshold` and above. @param threshold 0 to 256
    public static void solarize(PlanarImage image, int threshold) {
        int pixels = image.pixels();
        for (int c = 0; c < image.planes(); c++) {
            int[] plane = image.plane(c);
            for (int i = 0; i < pixels; i++) {
                int v = plane[i];
                // all ones where v >= threshold: 255 - v is the complement of eight bits
                plane[i] = v ^ (threshold - 1 - v >> 31 & 255);
            }
        }
    }

    private static void blend(PlanarImage image, int degenerate, float factor) {
        int pixels = image.pixels();
        for (int c = 0; c < image.planes(); c++) {
            int[] plane = image.plane(c);
            for (int i = 0; i < pixels; i++) {
                plane[i] = clip((int) (degenerate + factor * (plane[i] - degenerate)));
            }
        }
    }

    private static int meanLuma(PlanarImage image) {
        int[] red = image.plane(0);
        int[] green = image.plane(1);
        int[] blue = image.plane(2);
        int pixels = image.pixels();
        long sum = 0;
        for (int i = 0; i < pixels; i++) {
            sum += luma(red[i], green[i], blue[i]);
        }
        return (int) ((double) sum / pixels + 0.5);
    }

    /// ITU-R 601 luma in PIL's 16-bit fixed point.
    private static int luma(int red, int green, int blue) {
        return 19595 * red + 38470 * green + 7471 * blue + 32768 >> 16;
    }

    private static int clip(int v) {
        return Math.max(0, Math.min(255, v));
    }
}
