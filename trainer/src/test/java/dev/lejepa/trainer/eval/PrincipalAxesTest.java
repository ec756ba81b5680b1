package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.random.Key;
import org.junit.jupiter.api.Test;

class PrincipalAxesTest {
    private static final int ROWS = 2000;

    /// Rows around (5, -1, 2) that spread by 1, 10 and 3.
    private static Features cloud(int sign) {
        var draws = Key.of(3).draws();
        var values = new float[3 * ROWS];
        for (var row = 0; row < ROWS; row++) {
            values[3 * row] = (float) (5 + draws.normal()) * sign;
            values[3 * row + 1] = (float) (-1 + 10 * draws.normal()) * sign;
            values[3 * row + 2] = (float) (2 + 3 * draws.normal()) * sign;
        }
        return new Features(values, ROWS, 3);
    }

    @Test
    void axesFollowTheLargestSpreadAndPointUpwards() {
        var axes = PrincipalAxes.of(cloud(1), 2);
        // 2,000 draws tell a direction to about 1 / sqrt(2000) of the ratio of spreads
        assertArrayEquals(new double[] {0, 1, 0}, axes.axes()[0], 0.03);
        assertArrayEquals(new double[] {0, 0, 1}, axes.axes()[1], 0.03);
        assertArrayEquals(axes.axes()[0], PrincipalAxes.of(cloud(-1), 1).axes()[0], 1e-6);
    }

    @Test
    void projectionsAreOfCenteredRowsAndHaveTheirSpread() {
        var along = PrincipalAxes.of(cloud(1), 2).project(cloud(1));
        for (var axis = 0; axis < 2; axis++) {
            var sum = 0.0;
            var squares = 0.0;
            for (var value : along[axis]) {
                sum += value / ROWS;
                squares += value * value / ROWS;
            }
            assertEquals(0, sum, 1e-6);
            // the deviation of 2,000 draws is known to 1.6 %
            assertEquals(axis == 0 ? 10 : 3, Math.sqrt(squares), axis == 0 ? 0.5 : 0.15);
        }
    }

    @Test
    void rowsThatAreNotFiniteAreRefused() {
        var rows = new Features(new float[] {1, Float.NaN, 3}, 3, 1);
        assertThrows(BadInputException.class, () -> PrincipalAxes.of(rows, 1));
    }

    @Test
    void axesBeyondTheColumnsAreZero() {
        var axes = PrincipalAxes.of(new Features(new float[] {1, 2, 4}, 3, 1), 3);
        assertArrayEquals(new double[] {1}, axes.axes()[0], 1e-12);
        assertArrayEquals(new double[] {0}, axes.axes()[2], 0);
    }
}
