package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.random.Draws;

/// What a pattern lies on: two colors that run into each other, soft patches of a third one, and a shadow over all.
final class Ground {
    private final Rgb[] colors;
    private final double slopeX;
    private final double slopeY;
    private final double[] blobX;
    private final double[] blobY;
    private final double[] blobRadius;
    private final double shadowX;
    private final double shadowY;

    /// @param colors the two ends of the gradient, and the patches
    Ground(Nuisance nuisance, int size, Rgb[] colors, Draws draws) {
        this.colors = colors;
        double angle = draws.uniform(0, 2 * Math.PI);
        this.slopeX = StrictMath.cos(angle) / size;
        this.slopeY = StrictMath.sin(angle) / size;
        int blobs = draws.below(nuisance.blobs() + 1);
        this.blobX = new double[blobs];
        this.blobY = new double[blobs];
        this.blobRadius = new double[blobs];
        for (int i = 0; i < blobs; i++) {
            blobX[i] = draws.uniform(0, size);
            blobY[i] = draws.uniform(0, size);
            blobRadius[i] = nuisance.blobRadius().draw(draws);
        }
        double from = draws.uniform(0, 2 * Math.PI);
        double depth = nuisance.shadow().draw(draws) / size;
        this.shadowX = StrictMath.cos(from) * depth;
        this.shadowY = StrictMath.sin(from) * depth;
    }

    /// The share of the second color at a pixel `(x, y)` away from the image's middle.
    private double gradient(double x, double y) {
        return Math.clamp(0.5 + slopeX * x + slopeY * y, 0, 1);
    }

    /// The share of the patches' color at a pixel: a bump of `(1 + (d/r)^2)^-2` for each.
    private double patches(double x, double y) {
        double clear = 1;
        for (int i = 0; i < blobX.length; i++) {
            double dx = (x - blobX[i]) / blobRadius[i];
            double dy = (y - blobY[i]) / blobRadius[i];
            double bump = 1 / (1 + dx * dx + dy * dy);
            clear *= 1 - bump * bump;
        }
        return 1 - clear;
    }

    /// Light at a pixel `(x, y)` away from the image's middle: 1 there.
    double light(double x, double y) {
        return 1 + shadowX * x + shadowY * y;
    }

    /// A channel of the ground's color.
    ///
    /// @param channel 0 red, 1 green, 2 blue
    double color(int channel, double x, double y, double half) {
        double along = gradient(x - half, y - half);
        double base = (1 - along) * colors[0].of(channel) + along * colors[1].of(channel);
        double patch = patches(x, y);
        return (1 - patch) * base + patch * colors[2].of(channel);
    }
}
