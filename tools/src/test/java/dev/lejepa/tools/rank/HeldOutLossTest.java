package dev.lejepa.tools.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeldOutLossTest {
    @Test
    void scoreIsTheLossOverAPowerOfLambda() {
        var loss = new HeldOutLoss(0.6, 0.1, 10);
        assertEquals(0.6 / Math.sqrt(0.04), loss.score(0.04, 0.5), 1e-12);
    }

    @Test
    void exponentZeroLeavesTheLossEvenWithoutLambda() {
        assertEquals(0.6, new HeldOutLoss(0.6, 0.1, 10).score(0, 0), 0);
    }

    @Test
    void lossThatIsNoNumberIsTheWorstScore() {
        assertEquals(Double.POSITIVE_INFINITY, new HeldOutLoss(Double.NaN, 0, 0).score(0.05, 0.4), 0);
    }
}
