package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class LogitScoresTest {

    @Test
    void paddingBehindTheCountedRowsIsIgnored() {
        LogitScores scores = new LogitScores();
        scores.add(new float[] {2, 1, 0, 1, 5, 5}, 2, new int[] {0, 0, 1}, 2);
        assertEquals(2, scores.rows());
        assertEquals(0.5, scores.top1());
        assertEquals((Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(1))) / 2, scores.crossEntropy(), 1e-12);
    }

    @Test
    void batchesAddUpToOneBatch() {
        float[] logits = TestData.normal(10, 3, 1).values();
        int[] labels = TestData.labels(10, 3);
        LogitScores whole = new LogitScores();
        whole.add(logits, 3, labels, 10);
        LogitScores parts = new LogitScores();
        parts.add(logits, 3, labels, 4);
        parts.add(java.util.Arrays.copyOfRange(logits, 12, 30), 3, java.util.Arrays.copyOfRange(labels, 4, 10), 6);
        assertEquals(whole.top1(), parts.top1());
        assertEquals(whole.crossEntropy(), parts.crossEntropy(), 1e-12);
    }

    @Test
    void tooFewLogitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LogitScores().add(new float[5], 3, new int[] {0, 0}, 2));
    }
}
