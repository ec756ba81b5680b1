package dev.lejepa.graphs.models;

/// Numbers of channels, as timm rounds them.
final class Channels {
    private static final double LEAST = 0.9;

    private Channels() {}

    /// The multiple of 8 that is nearest, but no less than nine tenths.
    static int round(double channels) {
        return round(channels, 8, 8, LEAST);
    }

    /// @param least result
    /// @param limit part of the channels that rounding may not go below
    static int round(double channels, int divisor, double least, double limit) {
        var nearest = (int) Math.max(least, (int) (channels + divisor / 2.0) / divisor * divisor);
        return nearest < limit * channels ? nearest + divisor : nearest;
    }
}
