package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LinearProbeTest {
    private static final int CLASSES = 4;

    private static LinearProbe.Settings settings(Double... rates) {
        return new LinearProbe.Settings(20, 100, List.of(rates), List.of(1e-6), List.of(), 0.05, 5);
    }

    private static LinearProbe.Fit fit(Features x, int[] labels, int threads, Double... rates) {
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(threads))) {
            return LinearProbe.fit(engine, x, labels, CLASSES, ProbeSplit.all(labels, CLASSES, 0), settings(rates));
        }
    }

    @Test
    void separableClassesAreFound() {
        int[] labels = TestData.labels(600, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 40, 8, 1, 2);
        Features test = TestData.clusters(labels, CLASSES, 40, 8, 1, 3);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(2))) {
            var split = ProbeSplit.all(labels, CLASSES, 0);
            var fit = LinearProbe.fit(engine, x, labels, CLASSES, split, settings(1e-3, 1e-2));
            var scores = fit.classifier().score(test, labels);
            assertTrue(scores.top1() > 0.97, "top-1 " + scores.top1());
            assertEquals(1, scores.top5(), "four classes are among the first five");
        }
    }

    @Test
    void labelsWithoutRelationToFeaturesStayAtChance() {
        int[] labels = TestData.labels(800, CLASSES);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            var split = ProbeSplit.all(labels, CLASSES, 0);
            var fit = LinearProbe.fit(engine, TestData.normal(800, 10, 1), labels, CLASSES, split, settings(1e-2));
            assertEquals(0.25, fit.top1(TestData.normal(800, 10, 2), labels), 0.08, "five standard errors");
        }
    }

    @Test
    void rateWithTheSmallestHeldOutLossIsChosen() {
        int[] labels = TestData.labels(600, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 200, 3, 1, 2);
        var fit = fit(x, labels, 1, 0.0, 1e-2, 0.0);
        assertEquals(1e-2, fit.head().learningRate());
        assertTrue(fit.validation().get(1) > fit.validation().get(0));
    }

    @Test
    void eachDecayIsTriedWithEachRate() {
        int[] labels = TestData.labels(600, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 200, 3, 1, 2);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            var grid = settings(1e-3, 1e-2).withWeightDecays(List.of(100.0, 1e-6));
            var split = ProbeSplit.all(labels, CLASSES, 0);
            var validation =
                    LinearProbe.fit(engine, x, labels, CLASSES, split, grid).validation();
            assertEquals(4, validation.size());
            assertTrue(validation.get(3) > validation.get(1), "weights that decay at once tell nothing: " + validation);
        }
    }

    @Test
    void companyOfOtherRatesDoesNotChangeAHead() {
        int[] labels = TestData.labels(300, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 30, 2, 1, 2);
        var alone = fit(x, labels, 1, 1e-2).validation();
        var second = fit(x, labels, 1, 1e-4, 1e-2).validation();
        assertEquals(alone.get(0), second.get(1));
    }

    @Test
    void numberOfThreadsDoesNotChangeTheResult() {
        int[] labels = TestData.labels(700, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 300, 2, 1, 2);
        assertArrayEquals(scores(x, labels, 1), scores(x, labels, 3));
    }

    private static double[] scores(Features x, int[] labels, int threads) {
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(threads))) {
            var split = ProbeSplit.all(labels, CLASSES, 0);
            var fit = LinearProbe.fit(engine, x, labels, CLASSES, split, settings(1e-3, 1e-2));
            var scores = fit.classifier().score(x, labels);
            return new double[] {
                scores.crossEntropy(), scores.top1(), fit.head().learningRate()
            };
        }
    }

    /// What tells classes apart is the small sum of two columns that otherwise move against each other.
    @Test
    void columnsThatVaryTogetherAreLearnedToo() {
        int[] labels = TestData.labels(2000, CLASSES);
        Features told = TestData.clusters(labels, CLASSES, 12, 8, 1, 2);
        Features noise = TestData.normal(2000, 12, 3);
        float[] mixed = new float[2 * told.values().length];
        for (int i = 0; i < told.values().length; i++) {
            mixed[2 * i] = noise.values()[i] + 0.02f * told.values()[i];
            mixed[2 * i + 1] = -noise.values()[i] + 0.02f * told.values()[i];
        }
        var fit = fit(new Features(mixed, 2000, 24), labels, 1, 3e-3, 3e-2, 0.3);
        double best = fit.validation().stream().mapToDouble(v -> v).max().orElseThrow();
        assertTrue(best > 0.9, "validation " + fit.validation());
    }

    @Test
    void rowsThatAreAllAlikeAreLeftToChance() {
        int[] labels = TestData.labels(80, CLASSES);
        float[] same = new float[80 * 6];
        for (int i = 0; i < same.length; i++) {
            same[i] = i % 6;
        }
        assertEquals(
                0.25,
                fit(new Features(same, 80, 6), labels, 1, 1e-2).validation().getFirst(),
                1e-12);
    }

    @Test
    void fewRowsThatAreAllAlikeAreLeftToChanceToo() {
        int[] labels = TestData.labels(8, CLASSES);
        float[] same = new float[8 * 16];
        for (int i = 0; i < same.length; i++) {
            same[i] = i % 16;
        }
        assertEquals(
                0.25,
                fit(new Features(same, 8, 16), labels, 1, 1e-2).validation().getFirst(),
                1e-12);
    }

    /// A decay of far more than 1 a step makes weights grow without bound.
    @Test
    void aHeadThatRanAwayIsNotChosen() {
        int[] labels = TestData.labels(300, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 30, 4, 1, 2);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            var split = ProbeSplit.all(labels, CLASSES, 0);
            var grid = settings(1e-2).withWeightDecays(List.of(1e9, 1e-6));
            var fit = LinearProbe.fit(engine, x, labels, CLASSES, split, grid);
            assertEquals(1e-6, fit.head().weightDecay());
        }
    }

    @Test
    void shotsAreThatManyOfEachClassAndTheOthersChoose() {
        int[] labels = TestData.labels(40, CLASSES);
        var names = List.of("a", "b", "c", "d");
        var split = ProbeSplit.few(labels, names, 3, 1);
        for (int c = 0; c < CLASSES; c++) {
            int label = c;
            assertEquals(
                    3,
                    IntStream.of(split.train()).filter(i -> labels[i] == label).count());
        }
        assertEquals(
                40,
                IntStream.concat(IntStream.of(split.train()), IntStream.of(split.choose()))
                        .distinct()
                        .count());
        assertTrue(!Arrays.equals(
                split.train(), ProbeSplit.few(labels, names, 3, 2).train()));
    }

    @Test
    void fewerRowsThanColumnsAreEnough() {
        int[] labels = TestData.labels(400, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, 60, 8, 1, 2);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            var split = ProbeSplit.few(labels, List.of("a", "b", "c", "d"), 5, 1);
            var fit = LinearProbe.fit(engine, x, labels, CLASSES, split, settings(1e-2));
            assertTrue(fit.top1(x, labels) > 0.9, "top-1 " + fit.top1(x, labels));
        }
    }

    /// There the gradient of the rows' losses and that of the penalty cancel in every weight.
    @Test
    void aPenalizedHeadEndsAtTheMinimumOfItsLoss() {
        int rows = 200;
        int columns = 5;
        double penalty = 20;
        int[] labels = TestData.labels(rows, CLASSES);
        Features x = TestData.clusters(labels, CLASSES, columns, 3, 1, 2);
        try (Engine engine = OrtEngine.open("cpu", EngineOptions.of(1));
                var heads = new ProbeHeads(engine, columns, CLASSES, List.of(new LinearProbe.Head(3e-2, 0, penalty)))) {
            heads.train(x, labels, Blocks.inOrder(rows), rows, 1000, 50, 1);
            float[] logits = logits(heads, x);
            float[] bias = logits(heads, new Features(new float[columns], 1, columns));
            for (int j = 0; j < columns; j++) {
                float[] unit = new float[columns];
                unit[j] = 1;
                float[] weights = logits(heads, new Features(unit, 1, columns));
                for (int c = 0; c < CLASSES; c++) {
                    double pull = 0;
                    for (int i = 0; i < rows; i++) {
                        double share = share(logits, i * CLASSES, c);
                        pull += (share - (labels[i] == c ? 1 : 0)) * x.at(i, j);
                    }
                    // AdamW's last steps are short, not zero; the pull of a weight is about 10
                    assertEquals(0, pull + penalty * (weights[c] - bias[c]), 0.02);
                }
            }
        }
    }

    private static float[] logits(ProbeHeads heads, Features x) {
        float[] all = new float[x.rows() * CLASSES];
        heads.score(
                x,
                Blocks.inOrder(x.rows()),
                (from, count, logits) -> System.arraycopy(logits, 0, all, from * CLASSES, count * CLASSES));
        return all;
    }

    private static double share(float[] logits, int from, int label) {
        double total = 0;
        for (int c = 0; c < CLASSES; c++) {
            total += Math.exp(logits[from + c]);
        }
        return Math.exp(logits[from + label]) / total;
    }
}
