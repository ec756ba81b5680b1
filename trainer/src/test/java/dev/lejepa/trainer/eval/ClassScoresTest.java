package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ClassScoresTest {
    @Test
    void hitsAreCountedByClassAndAmongTheFirstFive() {
        var scores = new ClassScores(7);
        var logits = new float[] {9, 8, 7, 6, 5, 4, 3};
        scores.add(logits, 0, 0);
        scores.add(logits, 0, 4);
        scores.add(logits, 0, 5);
        assertEquals(3, scores.rows());
        assertEquals(1.0 / 3, scores.top1(), 1e-12);
        assertEquals(2.0 / 3, scores.top5(), 1e-12);
        assertEquals(1, scores.confusion()[5][0]);
        assertArrayEquals(new double[] {1, Double.NaN, Double.NaN, Double.NaN, 0, 0, Double.NaN}, scores.perClass(), 0);
    }

    @Test
    void paddingBehindTheCountedRowsIsIgnored() {
        var scores = new ClassScores(2);
        scores.add(new float[] {2, 1, 0, 1, 5, 5}, new int[] {0, 0, 1}, 2);
        assertEquals(2, scores.rows());
        assertEquals(0.5, scores.top1());
        assertEquals((Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(1))) / 2, scores.crossEntropy(), 1e-12);
    }

    @Test
    void logitsThatAreNoNumbersAreNoHits() {
        var scores = new ClassScores(3);
        var none = new float[] {Float.NaN, Float.NaN, Float.NaN};
        scores.add(none, 0, 1);
        scores.add(none, 0, 2);
        assertEquals(0, scores.top1());
        assertEquals(0, scores.top5());
    }

    /// A classifier that knows nothing must not look as if it knew all.
    @Test
    void ofEqualLogitsTheFirstIsTheLargest() {
        var scores = new ClassScores(10);
        for (var label = 0; label < 10; label++) {
            scores.add(new float[10], 0, label);
        }
        assertEquals(0.1, scores.top1(), 1e-12);
        assertEquals(0.5, scores.top5(), 1e-12);
        assertEquals(Math.log(10), scores.crossEntropy(), 1e-12);
    }
}
