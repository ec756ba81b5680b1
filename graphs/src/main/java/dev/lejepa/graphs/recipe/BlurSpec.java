package dev.lejepa.graphs.recipe;

/// Gaussian blur with probability `p`.
///
/// @param kernel side of the kernel in pixels, odd
/// @param sigma range of the standard deviation in pixels
public record BlurSpec(double p, int kernel, Interval sigma) {
    public static BlurSpec defaults() {
        return new BlurSpec(0.5, 23, new Interval(0.1, 2.0));
    }
}
