package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class NearestNeighborsTest {
    private static final int K = 20;

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = OrtEngine.open("cpu", EngineOptions.of(2));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /// More rows than a block has, and than a block of queries.
    @Test
    void neighborsAndVotesEqualAPlainSearch() {
        int[] labels = TestData.labels(4200, 5);
        Features train = TestData.clusters(labels, 5, 9, 1, 1, 2);
        Features test = TestData.clusters(TestData.labels(300, 5), 5, 9, 1, 1, 3);
        try (var neighbors = new NearestNeighbors(engine, train, K)) {
            var found = neighbors.find(test);
            int[] votes = found.vote(labels, 5, K, 0.07);
            for (int row = 0; row < test.rows(); row++) {
                List<Integer> nearest = plain(train, test, row);
                assertEquals(nearest, IntStream.of(found.rows()[row]).boxed().toList(), "row " + row);
                assertEquals(plainVote(train, labels, test, row, nearest), votes[row], "row " + row);
            }
        }
    }

    /// Features of an encoder that is not trained: cosines differ in the sixth digit.
    @Test
    void rowsThatPointNearlyTheSameWayAreToldApart() {
        Features train = alike(TestData.normal(5000, 40, 1));
        Features test = alike(TestData.normal(50, 40, 2));
        try (var neighbors = new NearestNeighbors(engine, train, K)) {
            var found = neighbors.find(test);
            for (int row = 0; row < test.rows(); row++) {
                assertEquals(
                        plain(train, test, row),
                        IntStream.of(found.rows()[row]).boxed().toList(),
                        "row " + row);
            }
        }
    }

    private static Features alike(Features x) {
        float[] values = x.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + 1e-3f * values[i];
        }
        return new Features(values, x.rows(), x.columns());
    }

    /// Every candidate is as near as the rows that are none.
    @Test
    void amongCopiesOfOneRowTheEarlierAreTheNearer() {
        float[] values = new float[200 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 300 ? i % 3 + 1 : 2;
        }
        try (var neighbors = new NearestNeighbors(engine, new Features(values, 200, 3), 2)) {
            assertArrayEquals(
                    new int[] {100, 101},
                    neighbors.find(new Features(new float[] {1, 1, 1}, 1, 3)).rows()[0]);
            assertArrayEquals(
                    new int[] {0, 1},
                    neighbors.find(new Features(new float[] {1, 2, 3}, 1, 3)).rows()[0]);
        }
    }

    private static List<Integer> plain(Features train, Features test, int row) {
        double[] cosines = IntStream.range(0, train.rows())
                .mapToDouble(i -> cosine(train, i, test, row))
                .toArray();
        return IntStream.range(0, train.rows())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -cosines[i]))
                .limit(K)
                .toList();
    }

    private static int plainVote(Features train, int[] labels, Features test, int row, List<Integer> nearest) {
        double[] votes = new double[5];
        nearest.forEach(i -> votes[labels[i]] += Math.exp(cosine(train, i, test, row) / 0.07));
        return IntStream.range(0, 5).reduce(0, (a, b) -> votes[b] > votes[a] ? b : a);
    }

    private static double cosine(Features a, int i, Features b, int j) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int c = 0; c < a.columns(); c++) {
            dot += (double) a.at(i, c) * b.at(j, c);
            aa += (double) a.at(i, c) * a.at(i, c);
            bb += (double) b.at(j, c) * b.at(j, c);
        }
        return dot / Math.sqrt(aa * bb);
    }

    @Test
    void nearerRowsCountMoreAndEqualVotesGoToTheSmallerClass() {
        var found = new NearestNeighbors.Found(
                new int[][] {{0, 1, 2}, {1, 2, 3}}, new double[][] {{0.9, 0.1, 0.1}, {0.5, 0.5, 0.2}});
        assertArrayEquals(new int[] {2, 1}, found.vote(new int[] {2, 1, 3, 3}, 4, 2, 0.07));
    }

    @Test
    void oneNeighborOfATrainingRowIsTheRowItself() {
        int[] labels = TestData.labels(90, 3);
        Features x = TestData.normal(90, 6, 1);
        try (var neighbors = new NearestNeighbors(engine, x, 1)) {
            assertEquals(1, neighbors.find(x).top1(labels, labels, 3, 1));
        }
    }
}
