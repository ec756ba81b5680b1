package dev.lejepa.tools.pictures;

import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.PrincipalAxes;
import dev.lejepa.trainer.image.RgbImage;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/// Patches in color: their first three principal components as red, green and blue, by one basis for a set of images.
///
/// The 1st and 99th percentile of each component over the set are its darkest and its brightest level. With a
/// foreground, patches are parted first, by the first component at Otsu's threshold; the side of whose patches fewer lie
/// at an image's edge is the foreground, whose patches alone make the colors. The rest is black.
public final class PatchColors {
    private static final int COLORS = 3;
    private static final double LOW = 0.01;
    private static final double HIGH = 0.99;

    /// The darkest level of a foreground, which is to be seen on black.
    private static final double DIM = 0.2;

    private final TokenGrid grid;
    private final PrincipalAxes axes;
    private final double[] low;
    private final double[] high;
    private final Optional<Foreground> foreground;

    private PatchColors(
            TokenGrid grid, PrincipalAxes axes, double[] low, double[] high, Optional<Foreground> foreground) {
        this.grid = grid;
        this.axes = axes;
        this.low = low;
        this.high = high;
        this.foreground = foreground;
    }

    /// What parts object and background.
    ///
    /// @param sign 1 where the foreground lies above the threshold, -1 where below
    private record Foreground(PrincipalAxes axis, double threshold, int sign) {
        /// Positive in the foreground.
        double height(float[] values, int from) {
            return sign * (axis.project(values, from)[0] - threshold);
        }
    }

    /// The colors for images of which these are some.
    ///
    /// @param patches of the images one after the other, without the tokens before them: `[images patches, width]`
    public static PatchColors of(Features patches, TokenGrid grid, boolean withForeground) {
        var foreground = withForeground ? Optional.of(foreground(patches, grid)) : Optional.<Foreground>empty();
        var kept = foreground.map(f -> inside(f, patches)).orElse(patches);
        var axes = PrincipalAxes.of(kept, COLORS);
        var low = new double[COLORS];
        var high = new double[COLORS];
        var along = axes.project(kept);
        for (var c = 0; c < COLORS; c++) {
            low[c] = Scores.quantile(along[c], LOW);
            high[c] = Scores.quantile(along[c], HIGH);
        }
        return new PatchColors(grid, axes, low, high, foreground);
    }

    private static Foreground foreground(Features patches, TokenGrid grid) {
        var axis = PrincipalAxes.of(patches, 1);
        var along = axis.project(patches)[0];
        var threshold = Scores.otsu(along);
        var edgesAbove = edgeShare(along, grid, value -> value > threshold);
        var edgesBelow = edgeShare(along, grid, value -> value <= threshold);
        return new Foreground(axis, threshold, edgesAbove <= edgesBelow ? 1 : -1);
    }

    /// How many of a side's patches touch an edge.
    private static double edgeShare(double[] along, TokenGrid grid, DoublePredicate side) {
        return IntStream.range(0, along.length)
                .filter(patch -> side.test(along[patch]))
                .mapToDouble(patch -> grid.onBorder(patch % grid.patches()) ? 1 : 0)
                .average()
                .orElse(1);
    }

    private static Features inside(Foreground foreground, Features patches) {
        var chosen = IntStream.range(0, patches.rows())
                .filter(row -> foreground.height(patches.values(), row * patches.columns()) > 0)
                .toArray();
        return chosen.length == 0 ? patches : patches.take(chosen);
    }

    /// The picture of one image.
    ///
    /// @param values in which the image's patches begin at `from`, a row of the axes' width each
    /// @param pixels per side of the picture
    public RgbImage picture(float[] values, int from, int pixels) {
        var width = axes.mean().length;
        var cells = new double[COLORS][grid.patches()];
        var heights = new double[grid.patches()];
        for (var patch = 0; patch < grid.patches(); patch++) {
            var at = from + patch * width;
            var along = axes.project(values, at);
            for (var c = 0; c < COLORS; c++) {
                cells[c][patch] = high[c] > low[c] ? (along[c] - low[c]) / (high[c] - low[c]) : 0.5;
            }
            heights[patch] = foreground.map(f -> f.height(values, at)).orElse(1.0);
        }
        return enlarged(cells, heights, pixels);
    }

    private RgbImage enlarged(double[][] cells, double[] heights, int pixels) {
        var upsampling = new Upsampling(grid.side(), pixels);
        var planes = Arrays.stream(cells).map(upsampling::enlarge).toArray(double[][]::new);
        var kept = upsampling.enlarge(heights);
        var rgb = new byte[COLORS * kept.length];
        for (var i = 0; i < rgb.length; i++) {
            rgb[i] = kept[i / COLORS] > 0 ? level(planes[i % COLORS][i / COLORS]) : 0;
        }
        return new RgbImage(pixels, pixels, rgb);
    }

    private byte level(double share) {
        var darkest = foreground.isPresent() ? DIM : 0;
        return (byte) Math.round(255 * (darkest + (1 - darkest) * Math.clamp(share, 0, 1)));
    }
}
