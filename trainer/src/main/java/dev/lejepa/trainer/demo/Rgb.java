package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.random.Draws;

/// A color, each channel 0 to 255.
record Rgb(double red, double green, double blue) {
    double of(int channel) {
        return switch (channel) {
            case 0 -> red;
            case 1 -> green;
            default -> blue;
        };
    }

    /// A color of a hue and saturation in the given ranges that is as bright to the eye as asked.
    ///
    /// @param luminance 0 to 255
    static Rgb draw(Nuisance nuisance, double luminance, Draws draws) {
        double hue = nuisance.hue().draw(draws);
        double gray = 1 - nuisance.saturation().draw(draws);
        double r = gray + (1 - gray) * ramp(hue);
        double g = gray + (1 - gray) * ramp(hue - 1.0 / 3);
        double b = gray + (1 - gray) * ramp(hue - 2.0 / 3);
        double scale = luminance / (0.299 * r + 0.587 * g + 0.114 * b);
        return new Rgb(Math.min(255, scale * r), Math.min(255, scale * g), Math.min(255, scale * b));
    }

    /// The red of a hue: 1 within a sixth of a turn of 0, falling to 0 at a third.
    private static double ramp(double hue) {
        double away = Math.abs(hue - Math.rint(hue));
        return Math.clamp(2 - 6 * away, 0, 1);
    }
}
