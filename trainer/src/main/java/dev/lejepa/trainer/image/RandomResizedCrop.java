package dev.lejepa.trainer.image;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.Interval;

/// Where torchvision's `RandomResizedCrop` looks: a box of random area and aspect ratio at a random place, or, when ten
/// tries do not fit, the largest centred box of a permitted ratio.
public final class RandomResizedCrop {
    private static final int TRIES = 10;

    private RandomResizedCrop() {}

    /// @param scale area of the box as a fraction of the image's, uniform
    /// @param ratio width over height, uniform in its logarithm
    public static Box draw(int height, int width, Interval scale, Interval ratio, Draws draws) {
        double area = (double) height * width;
        double lowest = Math.log(ratio.low());
        double highest = Math.log(ratio.high());
        for (int i = 0; i < TRIES; i++) {
            double target = area * draws.uniform(scale.low(), scale.high());
            double aspect = Math.exp(draws.uniform(lowest, highest));
            int w = (int) Math.rint(Math.sqrt(target * aspect));
            int h = (int) Math.rint(Math.sqrt(target / aspect));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int top = draws.below(height - h + 1);
                return new Box(top, draws.below(width - w + 1), h, w);
            }
        }
        return fallback(height, width, ratio);
    }

    private static Box fallback(int height, int width, Interval ratio) {
        double aspect = (double) width / height;
        int w = width;
        int h = height;
        if (aspect < ratio.low()) {
            h = (int) Math.rint(w / ratio.low());
        } else if (aspect > ratio.high()) {
            w = (int) Math.rint(h * ratio.high());
        }
        // very thin images: a side may round to nothing
        h = Math.clamp(h, 1, height);
        w = Math.clamp(w, 1, width);
        return new Box((height - h) / 2, (width - w) / 2, h, w);
    }
}
