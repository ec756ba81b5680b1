package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CalibratedLossTest {
    private static final float[][] ROWS = {{2, 0, -1}, {0.5f, 1, 0}, {-1, 0.25f, 1.5f}, {1, 0.75f, 0}};
    private static final int[] LABELS = {0, 1, 2, 1};

    private static double least(float scale) {
        var loss = new CalibratedLoss();
        for (int row = 0; row < ROWS.length; row++) {
            float[] logits = {9, scale * ROWS[row][0], scale * ROWS[row][1], scale * ROWS[row][2]};
            loss.add(logits, 1, 3, LABELS[row]);
        }
        return loss.least();
    }

    @Test
    void aHeadThatIsSurerIsNoWorse() {
        assertEquals(least(1), least(2), 1e-12);
        assertEquals(least(1), least(8), 1e-6);
    }

    /// The temperatures are coarse: one of them is nearly the best of all.
    @Test
    void theLossIsTheSmallestOfAllTemperatures() {
        double smallest = Double.MAX_VALUE;
        for (double temperature = 0.1; temperature < 40; temperature += 0.01) {
            double sum = 0;
            for (int row = 0; row < ROWS.length; row++) {
                double total = 0;
                for (float logit : ROWS[row]) {
                    total += Math.exp(logit / temperature);
                }
                sum += Math.log(total) - ROWS[row][LABELS[row]] / temperature;
            }
            smallest = Math.min(smallest, sum / ROWS.length);
        }
        assertTrue(least(1) >= smallest, "least");
        assertEquals(smallest, least(1), 0.01 * smallest);
    }

    @Test
    void aLogitThatIsNoNumberGivesNone() {
        var loss = new CalibratedLoss();
        loss.add(new float[] {1, Float.NaN}, 0, 2, 0);
        assertEquals(Double.NaN, loss.least());
    }
}
