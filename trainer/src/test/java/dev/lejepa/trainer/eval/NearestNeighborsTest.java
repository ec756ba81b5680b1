package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NearestNeighborsTest {

    @ParameterizedTest
    @EnumSource
    void votesEqualAPlainSearch(NearestNeighbors.Distance distance) {
        int[] labels = TestData.labels(1200, 5);
        Features train = TestData.clusters(labels, 5, 9, 1, 1, 2);
        Features test = TestData.clusters(TestData.labels(300, 5), 5, 9, 1, 1, 3);
        var neighbors = new NearestNeighbors(train, labels, 5, 20, distance, 2);
        int[] expected = IntStream.range(0, test.rows())
                .map(r -> plainVote(train, labels, test, r, distance))
                .toArray();
        assertArrayEquals(expected, neighbors.predict(test));
    }

    private static int plainVote(
            Features train, int[] labels, Features test, int row, NearestNeighbors.Distance distance) {
        List<Integer> nearest = IntStream.range(0, train.rows())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> distance(train, i, test, row, distance)))
                .limit(20)
                .toList();
        int[] votes = new int[5];
        nearest.forEach(i -> votes[labels[i]]++);
        return IntStream.range(0, 5).reduce(0, (a, b) -> votes[b] > votes[a] ? b : a);
    }

    private static double distance(Features a, int i, Features b, int j, NearestNeighbors.Distance distance) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        double difference = 0;
        for (int c = 0; c < a.columns(); c++) {
            dot += (double) a.at(i, c) * b.at(j, c);
            aa += (double) a.at(i, c) * a.at(i, c);
            bb += (double) b.at(j, c) * b.at(j, c);
            difference += Math.pow((double) a.at(i, c) - b.at(j, c), 2);
        }
        return switch (distance) {
            case COSINE -> -dot / Math.sqrt(aa * bb);
            case EUCLIDEAN -> difference;
        };
    }

    @Test
    void equalVotesGoToTheSmallerClass() {
        Features train = new Features(new float[] {1, 2, 3, 4}, 4, 1);
        var neighbors =
                new NearestNeighbors(train, new int[] {2, 1, 1, 2}, 3, 4, NearestNeighbors.Distance.EUCLIDEAN, 1);
        assertArrayEquals(new int[] {1}, neighbors.predict(new Features(new float[] {2}, 1, 1)));
    }

    @Test
    void oneNeighborOfATrainingRowIsTheRowItself() {
        int[] labels = TestData.labels(90, 3);
        Features x = TestData.normal(90, 6, 1);
        var neighbors = new NearestNeighbors(x, labels, 3, 1, NearestNeighbors.Distance.COSINE, 1);
        assertEquals(1, neighbors.top1(x, labels));
    }
}
