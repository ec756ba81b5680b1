package dev.lejepa.tools.rank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class RanksTest {
    @Test
    void smallestValueComesFirst() {
        assertArrayEquals(new double[] {2, 3, 1}, Ranks.of(new double[] {0.5, 7, -1}));
    }

    @Test
    void equalValuesShareTheMeanOfTheirPlaces() {
        assertArrayEquals(new double[] {1, 3, 5, 3, 3}, Ranks.of(new double[] {1, 2, 3, 2, 2}));
    }

    @Test
    void infinityComesLastAndTiesWithItself() {
        var worst = Double.POSITIVE_INFINITY;
        assertArrayEquals(new double[] {2.5, 1, 2.5}, Ranks.of(new double[] {worst, 0, worst}));
    }

    @Test
    void nothingHasNoRanks() {
        assertArrayEquals(new double[0], Ranks.of(new double[0]));
    }
}
