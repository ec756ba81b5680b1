package dev.lejepa.tools.pictures;

import dev.lejepa.trainer.image.RgbImage;

/// Heat over an image: from the darkened image where there is none over violet and orange to yellow.
final class Heat {
    /// Colors at equal steps from no heat to the most; the eye sees each brighter than the one before.
    private static final int[][] STEPS = {
        {0, 0, 10}, {50, 10, 95}, {125, 25, 110}, {195, 55, 75}, {240, 110, 30}, {250, 185, 30}, {250, 250, 150}
    };

    /// How much of the image is left where there is no heat, and how much where there is the most.
    private static final double COLD_IMAGE = 0.45;

    private static final double HOT_IMAGE = 0.15;

    private Heat() {}

    /// @param heat `[height, width]` of the image's, from 0 to 1; what is beyond is cut
    static RgbImage over(RgbImage image, double[] heat) {
        var rgb = image.toArray();
        for (var i = 0; i < heat.length; i++) {
            var warmth = Math.clamp(heat[i], 0, 1);
            var kept = COLD_IMAGE + (HOT_IMAGE - COLD_IMAGE) * warmth;
            for (var c = 0; c < 3; c++) {
                var level = kept * (rgb[3 * i + c] & 0xFF) + (1 - kept) * color(warmth, c);
                rgb[3 * i + c] = (byte) Math.round(Math.clamp(level, 0, 255));
            }
        }
        return new RgbImage(image.width(), image.height(), rgb);
    }

    private static double color(double warmth, int channel) {
        var place = warmth * (STEPS.length - 1);
        var step = Math.min((int) place, STEPS.length - 2);
        var from = STEPS[step][channel];
        return from + (place - step) * (STEPS[step + 1][channel] - from);
    }
}
