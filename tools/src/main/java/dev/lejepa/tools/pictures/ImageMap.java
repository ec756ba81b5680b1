package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Images at their places on a plane. Where they would lie over each other one is drawn and the others are dots below,
/// so that nothing hides how many there are. Frames and dots have a color for each class.
public final class ImageMap {
    /// Pixels of the longer side, without the margins.
    private static final int LONGER = 1600;

    private static final int MARGIN = 48;
    private static final int SMALLEST = 24;
    private static final int LARGEST = 80;
    private static final double FILLED = 0.7;
    private static final int FRAME = 2;
    private static final int DOT = 5;
    private static final int NO_CLASS = 0x808080;

    /// The golden section: hues of classes that follow each other lie far apart.
    private static final double HUE_STEP = 0.618033988749895;

    private final int[] x;
    private final int[] y;
    private final int width;
    private final int height;
    private final int[] labels;
    private final List<Integer> drawn;

    /// @param places `[2][images]`, to the right and upwards
    /// @param labels of the images; negative for those without a class
    /// @param seed of the order in which images take their room
    public ImageMap(double[][] places, int[] labels, long seed) {
        var scale = LONGER / Math.max(Double.MIN_NORMAL, Math.max(range(places[0]), range(places[1])));
        var left = least(places[0]);
        var upper = most(places[1]);
        this.x = pixels(places[0], value -> (value - left) * scale);
        this.y = pixels(places[1], value -> (upper - value) * scale);
        this.width = 2 * MARGIN + 1 + (int) (range(places[0]) * scale);
        this.height = 2 * MARGIN + 1 + (int) (range(places[1]) * scale);
        this.labels = labels.clone();
        this.drawn = withRoom(seed);
    }

    private static int[] pixels(double[] values, DoubleUnaryOperator onSheet) {
        return Arrays.stream(values)
                .mapToInt(value -> MARGIN + (int) onSheet.applyAsDouble(value))
                .toArray();
    }

    private static double range(double[] values) {
        return most(values) - least(values);
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double most(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    /// Images that are drawn, and not as dots alone.
    public List<Integer> drawn() {
        return drawn;
    }

    private List<Integer> withRoom(long seed) {
        var order = new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
        var draws = Key.of(seed).draws();
        for (var i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, (int) (draws.uniform() * (i + 1)));
        }
        var taken = new ArrayList<Integer>();
        for (var image : order) {
            if (taken.stream().noneMatch(other -> overlap(image, other))) {
                taken.add(image);
            }
        }
        return List.copyOf(taken);
    }

    private boolean overlap(int a, int b) {
        var room = thumbnail() + 2 * FRAME;
        return Math.abs(x[a] - x[b]) < room && Math.abs(y[a] - y[b]) < room;
    }

    /// Pixels of a drawn image's longer side, fewer where there are many.
    public int thumbnail() {
        return Math.clamp((int) (FILLED * LONGER / Math.sqrt(labels.length)), SMALLEST, LARGEST);
    }

    /// The sheet.
    ///
    /// @param pictures those of [#drawn], at most as large as [#thumbnail]
    public Paper draw(IntFunction<RgbImage> pictures) {
        var paper = new Paper(width, height);
        for (var image = 0; image < labels.length; image++) {
            paper.fill(x[image] - DOT / 2, y[image] - DOT / 2, DOT, DOT, color(labels[image]));
        }
        for (var image : drawn) {
            var picture = pictures.apply(image);
            var left = x[image] - picture.width() / 2;
            var top = y[image] - picture.height() / 2;
            paper.fill(
                    left - FRAME,
                    top - FRAME,
                    picture.width() + 2 * FRAME,
                    picture.height() + 2 * FRAME,
                    color(labels[image]));
            paper.put(picture, left, top);
        }
        return paper;
    }

    private static int color(int label) {
        return label < 0 ? NO_CLASS : Color.HSBtoRGB((float) (label * HUE_STEP % 1), 0.75f, 0.85f) & 0xFFFFFF;
    }
}
