package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.eval.Features;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TSneTest {
    private static final int GROUP = 25;
    private static final int ROWS = 3 * GROUP;
    private static final int COLUMNS = 12;

    /// Three groups of rows, one after the other.
    private static Features groups() {
        var draws = Key.of(1).draws();
        var values = new float[ROWS * COLUMNS];
        for (var i = 0; i < values.length; i++) {
            var group = i / COLUMNS / GROUP;
            values[i] = (float) (draws.normal() + (i % COLUMNS == group ? 12 : 0));
        }
        return new Features(values, ROWS, COLUMNS);
    }

    private static double distance(double[][] places, int a, int b) {
        return Math.hypot(places[0][a] - places[0][b], places[1][a] - places[1][b]);
    }

    @Test
    void groupsComeApart() {
        var places = TSne.of(groups(), 0);
        for (var row = 0; row < ROWS; row++) {
            var nearest = -1;
            for (var other = 0; other < ROWS; other++) {
                if (other != row && (nearest < 0 || distance(places, row, other) < distance(places, row, nearest))) {
                    nearest = other;
                }
            }
            assertEquals(row / GROUP, nearest / GROUP, "the nearest of row " + row + " is row " + nearest);
        }
    }

    @Test
    void aSeedHasOneMap() {
        var places = TSne.of(groups(), 5);
        var again = TSne.of(groups(), 5);
        assertArrayEquals(places[0], again[0]);
        assertArrayEquals(places[1], again[1]);
        assertFalse(Arrays.equals(places[0], TSne.of(groups(), 6)[0]));
    }

    @Test
    void rowsThatAreEqualHaveAPlaceEach() {
        var places = TSne.of(new Features(new float[4 * 3], 4, 3), 0);
        assertTrue(Stream.of(places).flatMapToDouble(DoubleStream::of).allMatch(Double::isFinite));
        assertTrue(distance(places, 0, 1) > 0);
    }

    /// The shares of each row have the perplexity that is asked for, and all of them sum to 1.
    @Test
    void similaritiesHaveTheirPerplexity() {
        var coordinates = new double[1][40];
        for (var i = 0; i < 40; i++) {
            coordinates[0][i] = i * i;
        }
        var similar = Neighborhoods.of(coordinates, 5);
        var sum = 0.0;
        for (var i = 0; i < 40; i++) {
            for (var j = 0; j < 40; j++) {
                sum += similar[i][j];
                assertEquals(similar[i][j], similar[j][i]);
            }
        }
        // floats of 1,600 pairs
        assertEquals(1, sum, 1e-5);
        assertEquals(0, similar[3][3]);
    }
}
