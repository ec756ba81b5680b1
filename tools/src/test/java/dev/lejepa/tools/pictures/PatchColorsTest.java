package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.image.RgbImage;
import org.junit.jupiter.api.Test;

/// Colors of made-up tokens: a ground, and in the middle of each image an object of two parts.
class PatchColorsTest {
    private static final int SIDE = 8;
    private static final int PIXELS = 64;
    private static final int WIDTH = 6;
    private static final TokenGrid GRID = new TokenGrid(1, SIDE);

    /// 0 ground, 1 the object's left half, 2 its right half.
    private static int part(int patch) {
        var row = patch / SIDE;
        var column = patch % SIDE;
        if (row < 2 || row > 5 || column < 2 || column > 5) {
            return 0;
        }
        return column < 4 ? 1 : 2;
    }

    private static Features tokens(int images) {
        var draws = Key.of(7).draws();
        var values = new float[images * SIDE * SIDE * WIDTH];
        for (var i = 0; i < values.length; i++) {
            var part = part(i / WIDTH % (SIDE * SIDE));
            var center =
                    i % WIDTH == 0 ? (part == 0 ? -4 : 4) : i % WIDTH == 1 ? part == 1 ? 2 : part == 2 ? -2 : 0 : 0;
            values[i] = (float) (center + 0.1 * draws.normal());
        }
        return new Features(values, images * SIDE * SIDE, WIDTH);
    }

    /// The color in the middle of a patch.
    private static int[] color(RgbImage picture, int row, int column) {
        var rgb = picture.toArray();
        var cell = PIXELS / SIDE;
        var at = 3 * ((row * cell + cell / 2) * PIXELS + column * cell + cell / 2);
        return new int[] {rgb[at] & 0xFF, rgb[at + 1] & 0xFF, rgb[at + 2] & 0xFF};
    }

    private static int distance(int[] a, int[] b) {
        return Math.max(Math.abs(a[0] - b[0]), Math.max(Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2])));
    }

    @Test
    void partsHaveColorsOfTheirOwn() {
        var tokens = tokens(3);
        var picture = PatchColors.of(tokens, GRID, false).picture(tokens.values(), 0, PIXELS);
        var ground = color(picture, 0, 0);
        var left = color(picture, 3, 2);
        var right = color(picture, 3, 5);
        assertTrue(distance(ground, left) > 150 && distance(ground, right) > 150);
        assertTrue(distance(left, right) > 150);
    }

    @Test
    void theForegroundIsWhatTouchesFewEdgesAndTheRestIsBlack() {
        var tokens = tokens(3);
        var picture = PatchColors.of(tokens, GRID, true).picture(tokens.values(), 0, PIXELS);
        assertArrayEquals(new int[3], color(picture, 0, 0));
        assertArrayEquals(new int[3], color(picture, 7, 4));
        assertTrue(distance(color(picture, 3, 2), color(picture, 3, 5)) > 150);
    }

    /// One basis for all images: a token has the same color wherever it lies.
    @Test
    void equalTokensHaveEqualColorsInAllImages() {
        var one = tokens(1);
        var twice = new float[2 * one.values().length];
        System.arraycopy(one.values(), 0, twice, 0, one.values().length);
        System.arraycopy(one.values(), 0, twice, one.values().length, one.values().length);
        var colors = PatchColors.of(new Features(twice, 2 * one.rows(), WIDTH), GRID, false);
        assertArrayEquals(
                colors.picture(twice, 0, PIXELS).toArray(),
                colors.picture(twice, one.values().length, PIXELS).toArray());
    }

    @Test
    void tokensThatAreAllEqualAreGray() {
        var tokens = new Features(new float[SIDE * SIDE * WIDTH], SIDE * SIDE, WIDTH);
        var color = color(PatchColors.of(tokens, GRID, true).picture(tokens.values(), 0, PIXELS), 3, 3);
        assertEquals(color[0], color[1]);
        assertEquals(color[1], color[2]);
    }
}
