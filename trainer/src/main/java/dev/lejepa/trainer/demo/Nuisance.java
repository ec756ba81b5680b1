package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.random.Draws;

/// The ranges of all that is not the class. Training and held-out images have ranges of their own.
///
/// @param hue of figure and ground, in turns, may pass 1
/// @param saturation of figure and ground
/// @param blobs soft patches of a third color in the ground, at most
/// @param blobRadius in pixels
/// @param shadow how dark a corner may get, as a share of the light
/// @param grain standard deviation of the noise, in levels of 255
record Nuisance(Range hue, Range saturation, int blobs, Range blobRadius, Range shadow, Range grain) {
    static final Nuisance TRAINING = new Nuisance(
            new Range(0, 0.6), new Range(0.1, 0.8), 6, new Range(6, 20), new Range(0, 0.4), new Range(2, 10));
    static final Nuisance HELD_OUT = new Nuisance(
            new Range(0.45, 1.05), new Range(0.25, 0.95), 9, new Range(5, 14), new Range(0.1, 0.5), new Range(4, 12));

    /// An interval to draw from.
    record Range(double low, double high) {
        double draw(Draws draws) {
            return draws.uniform(low, high);
        }
    }
}
