package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LinearProbeTest {
    private static final int CLASSES = 4;

    private static LinearProbe.Settings settings(int threads, Double... rates) {
        return new LinearProbe.Settings(20, 64, List.of(rates), 1e-6, 0.05, 0.2, 5, threads);
    }

    @Test
    void separableClassesAreFound() {
        int[] labels = TestData.labels(600, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 40, 8, 1, 2);
        Features test = TestData.clusters(labels, CLASSES, 40, 8, 1, 3);
        var fit = LinearProbe.fit(x, labels, CLASSES, settings(2, 1e-3, 1e-2));
        assertTrue(fit.top1(test, labels) > 0.97, "top-1 " + fit.top1(test, labels));
    }

    @Test
    void labelsWithoutRelationToFeaturesStayAtChance() {
        int[] labels = TestData.labels(800, CLASSES);
        var fit = LinearProbe.fit(TestData.normal(800, 10, 1), labels, CLASSES, settings(1, 1e-2));
        assertEquals(0.25, fit.top1(TestData.normal(800, 10, 2), labels), 0.08, "five standard errors");
    }

    @Test
    void rateWithTheHighestHeldOutAccuracyIsChosen() {
        int[] labels = TestData.labels(600, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 200, 3, 1, 2);
        Double[] rates = {0.0, 1e-2, 0.0};
        var fit = LinearProbe.fit(x, labels, CLASSES, settings(1, rates));
        assertEquals(1e-2, fit.learningRate());
        assertTrue(fit.heldOutTop1().get(1) > fit.heldOutTop1().get(0));
    }

    @Test
    void companyOfOtherRatesDoesNotChangeAHead() {
        assertArrayEquals(trainedLogits(1e-2)[0], trainedLogits(1e-4, 1e-2)[1]);
    }

    private static float[][] trainedLogits(Double... rates) {
        int[] labels = TestData.labels(300, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 30, 2, 1, 2);
        try (AdamHeads heads = new AdamHeads(x, labels, CLASSES, List.of(rates), settings(1, rates))) {
            heads.train(Products.inOrder(300));
            return heads.logits(Products.inOrder(300));
        }
    }

    @Test
    void numberOfThreadsDoesNotChangeTheResult() {
        int[] labels = TestData.labels(300, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 600, 2, 1, 2);
        float[] one = LinearProbe.fit(x, labels, CLASSES, settings(1, 1e-3))
                .classifier()
                .logits(x);
        float[] three = LinearProbe.fit(x, labels, CLASSES, settings(3, 1e-3))
                .classifier()
                .logits(x);
        assertArrayEquals(one, three);
    }
}
