package dev.lejepa.graphs.recipe;

/// Color jitter: with probability `p` the four changes in random order.
///
/// @param brightness factor drawn from `[max(0, 1 - brightness), 1 + brightness]`; contrast and saturation likewise
/// @param hue shift drawn from `[-hue, hue]` as a fraction of the color circle, at most 0.5
public record JitterSpec(double p, double brightness, double contrast, double saturation, double hue) {
    public static JitterSpec defaults() {
        return new JitterSpec(0.8, 0.4, 0.4, 0.2, 0.1);
    }
}
