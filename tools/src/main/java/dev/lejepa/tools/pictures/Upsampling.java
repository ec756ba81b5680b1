package dev.lejepa.tools.pictures;

/// A small square of numbers enlarged to pixels, smoothly: cubic convolution (Keys, 1981, with a = -1/2) between the
/// centers of cells, whose edge cells go on outside.
final class Upsampling {
    private static final int TAPS = 4;
    private static final double A = -0.5;

    private final int cells;
    private final int pixels;
    /// For each pixel along a side its cells and their weights.
    private final int[][] places;

    private final double[][] weights;

    /// @param cells per side
    /// @param pixels per side
    Upsampling(int cells, int pixels) {
        this.cells = cells;
        this.pixels = pixels;
        this.places = new int[pixels][TAPS];
        this.weights = new double[pixels][TAPS];
        for (var x = 0; x < pixels; x++) {
            var center = (x + 0.5) * cells / pixels - 0.5;
            var first = (int) Math.floor(center) - 1;
            for (var t = 0; t < TAPS; t++) {
                places[x][t] = Math.clamp(first + t, 0, cells - 1);
                weights[x][t] = cubic(Math.abs(center - first - t));
            }
        }
    }

    private static double cubic(double distance) {
        if (distance < 1) {
            return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
        }
        return distance < 2 ? A * (((distance - 5) * distance + 8) * distance - 4) : 0;
    }

    /// @param grid `[cells, cells]`
    /// @return `[pixels, pixels]`
    double[] enlarge(double[] grid) {
        var wide = new double[cells * pixels];
        for (var row = 0; row < cells; row++) {
            for (var x = 0; x < pixels; x++) {
                for (var t = 0; t < TAPS; t++) {
                    wide[row * pixels + x] += weights[x][t] * grid[row * cells + places[x][t]];
                }
            }
        }
        var out = new double[pixels * pixels];
        for (var y = 0; y < pixels; y++) {
            for (var t = 0; t < TAPS; t++) {
                var from = places[y][t] * pixels;
                for (var x = 0; x < pixels; x++) {
                    out[y * pixels + x] += weights[y][t] * wide[from + x];
                }
            }
        }
        return out;
    }
}
