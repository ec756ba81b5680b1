package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScoresTest {
    @Test
    void quantilesLieBetweenNeighborsInProportion() {
        var numbers = new double[] {4, 1, 3, 2};
        assertEquals(1, Scores.quantile(numbers, 0));
        assertEquals(2.5, Scores.quantile(numbers, 0.5));
        assertEquals(4, Scores.quantile(numbers, 1));
    }

    @Test
    void otsuPartsTwoHeapsOfUnequalSize() {
        var numbers = new double[100];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = i < 80 ? -1 + i * 0.001 : 5 + i * 0.001;
        }
        var threshold = Scores.otsu(numbers);
        assertTrue(threshold > 1 && threshold < 4, "in the middle of the gap, not at " + threshold);
    }

    @Test
    void equalNumbersHaveAThresholdToo() {
        assertEquals(2, Scores.otsu(new double[] {2, 2, 2}));
    }
}
