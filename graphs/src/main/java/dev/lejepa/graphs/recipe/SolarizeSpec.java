package dev.lejepa.graphs.recipe;

/// Solarize: inverts levels at or above a threshold.
///
/// @param p probability of the whole step
/// @param threshold level from 0 to 255
public record SolarizeSpec(double p, int threshold) {
    public static SolarizeSpec defaults() {
        return new SolarizeSpec(0.2, 128);
    }
}
