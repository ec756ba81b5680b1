package dev.lejepa.trainer.demo;

import java.util.Locale;

/// What a class of the demonstration looks like: a shape that repeats on a loose grid, or lines through the whole image.
///
/// Each is a signed distance to its outline, negative inside, in units of the grid's period. Only IEEE operations and
/// square roots are used, so that a seed gives the same pixels on every machine.
enum Motif {
    BARS,
    CHECKS,
    CRESCENTS,
    CROSSES,
    DISCS,
    MESH,
    RINGS,
    STRIPES,
    TRIANGLES,
    ZIGZAGS;

    private static final double SIN_60 = Math.sqrt(3) / 2;

    /// The folder of the class.
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether single shapes repeat; if not, lines go through.
    boolean isShape() {
        return switch (this) {
            case BARS, CRESCENTS, CROSSES, DISCS, RINGS, TRIANGLES -> true;
            case CHECKS, MESH, STRIPES, ZIGZAGS -> false;
        };
    }

    /// Distance to a single shape.
    ///
    /// @param x across, from the middle of the shape
    /// @param y along
    /// @param r radius of the circle around it
    double shape(double x, double y, double r) {
        double across = Math.abs(x);
        double along = Math.abs(y);
        return switch (this) {
            case BARS -> bar(across, along, r);
            case CROSSES -> Math.min(bar(across, along, r), bar(along, across, r));
            case DISCS -> radius(x, y) - 0.95 * r;
            case RINGS -> Math.abs(radius(x, y) - 0.75 * r) - 0.25 * r;
            case CRESCENTS -> Math.max(radius(x, y) - r, 0.8 * r - radius(x - 0.5 * r, y));
            case TRIANGLES -> Math.max(-y, across * SIN_60 + y / 2) - r / 2;
            case CHECKS, MESH, STRIPES, ZIGZAGS -> throw new IllegalStateException(this + " has no single shape");
        };
    }

    /// Distance to lines.
    ///
    /// @param u across the lines
    /// @param v along them
    double lines(double u, double v) {
        return switch (this) {
            case STRIPES -> wave(u);
            case ZIGZAGS -> 0.7 * wave(u + 1.6 * (wave(v / 1.5) + 0.25));
            case CHECKS -> (wave(u) < 0 == wave(v) < 0 ? -1 : 1) * Math.min(Math.abs(wave(u)), Math.abs(wave(v)));
            case MESH -> Math.min(wave(u), wave(v)) + 0.13;
            case BARS, CRESCENTS, CROSSES, DISCS, RINGS, TRIANGLES ->
                throw new IllegalStateException(this + " has no lines");
        };
    }

    private static double bar(double across, double along, double r) {
        return Math.max(across - 0.28 * r, along - r);
    }

    private static double radius(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /// Rises and falls between -1/4 and 1/4 once per unit.
    private static double wave(double u) {
        return Math.abs(u - Math.floor(u) - 0.5) - 0.25;
    }
}
