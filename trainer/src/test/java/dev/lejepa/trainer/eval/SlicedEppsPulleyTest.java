package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlicedEppsPulleyTest {
    private static final SlicedEppsPulley DEFAULT = new SlicedEppsPulley(17, 3);

    /// The same numbers in double precision by another program.
    @Test
    void statisticsAlongGivenDirectionsEqualTheReference() throws IOException {
        List<double[]> table = TestData.table("epps_pulley.csv");
        Features x = TestData.features(table.subList(0, 16), 0);
        for (double[] line : table.subList(16, table.size())) {
            assertEquals(line[4], DEFAULT.along(x, Arrays.copyOf(line, 4)), 1e-9 * line[4]);
        }
    }

    @Test
    void constantsOfTheDefaultTestAreKnown() {
        assertEquals(1.052464, DEFAULT.ofPerfectRows(), 1e-6);
        assertEquals(0.40205, DEFAULT.ofZeroPerRow(), 1e-5);
    }

    @Test
    void zerosReachTheValueForZeros() {
        Features zeros = new Features(new float[64 * 3], 64, 3);
        assertEquals(64 * DEFAULT.ofZeroPerRow(), DEFAULT.statistic(zeros, 5, 1), 1e-9);
    }

    @Test
    void normalRowsComeNearThePerfectValue() {
        double value = DEFAULT.statistic(TestData.normal(500, 32, 1), 400, 2);
        assertTrue(Math.abs(value - DEFAULT.ofPerfectRows()) < 0.3, "statistic " + value);
    }
}
