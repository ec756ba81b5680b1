package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogisticRegressionTest {

    /// Both minimize one convex function; what differs is where they stop. Ours leaves at most 1e-6 in the gradient and
    /// computes scores in single precision; one row may lie on the border between two classes.
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void fitEqualsScikitLearns(int classes) throws IOException {
        List<double[]> table = TestData.table("logistic_%d_classes.csv".formatted(classes));
        List<double[]> expected = table.subList(0, 4);
        List<double[]> rows = table.subList(4, table.size());
        Features x = TestData.features(rows, 1);
        int[] labels = rows.stream().mapToInt(row -> (int) row[0]).toArray();
        for (double[] line : expected) {
            LogitScores scores = new LogisticRegression(1e-6, 2000, 1)
                    .fit(x, labels, classes, line[0])
                    .score(x, labels);
            assertEquals(line[1], scores.crossEntropy(), 1e-5, "C = " + line[0]);
            assertEquals(line[2], scores.top1(), 1.001 / x.rows(), "C = " + line[0]);
        }
    }

    @Test
    void bestReportsEveryStrengthAndTheLargestAccuracy() {
        int[] labels = TestData.labels(400, 4);
        Features x = TestData.clusters(labels, 4, 20, 2, 1, 2);
        Features test = TestData.clusters(labels, 4, 20, 2, 1, 3);
        var best = LogisticRegression.converged(2).best(List.of(1e-6, 0.01, 1.0), x, labels, test, labels, 4);
        assertEquals(3, best.all().size());
        assertEquals(best.all().stream().mapToDouble(a -> a).max().orElseThrow(), best.top1());
        for (int i = 0; i < 3; i++) {
            double alone = LogisticRegression.converged(2)
                    .fit(x, labels, 4, List.of(1e-6, 0.01, 1.0).get(i))
                    .top1(test, labels);
            assertEquals(alone, best.all().get(i), 0.005, "starting at the last solution leads to the same one");
        }
    }

    @Test
    void numberOfThreadsDoesNotChangeTheResult() {
        int[] labels = TestData.labels(700, 3);
        Features x = TestData.clusters(labels, 3, 300, 2, 1, 2);
        float[] one = LogisticRegression.converged(1).fit(x, labels, 3, 0.01).logits(x);
        float[] three = LogisticRegression.converged(3).fit(x, labels, 3, 0.01).logits(x);
        assertArrayEquals(one, three);
    }

    @Test
    void columnThatDoesNotVaryIsHarmless() {
        int[] labels = TestData.labels(100, 2);
        Features x = TestData.clusters(labels, 2, 3, 3, 1, 2);
        for (int r = 0; r < 100; r++) {
            x.values()[r * 3 + 1] = 1234.567f;
        }
        double crossEntropy = LogisticRegression.converged(1)
                .fit(x, labels, 2, 1)
                .score(x, labels)
                .crossEntropy();
        assertEquals(true, crossEntropy < Math.log(2));
    }

    @Test
    void labelOutsideTheClassesIsRefused() {
        Features x = TestData.normal(4, 2, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> LogisticRegression.converged(1).fit(x, new int[] {0, 1, 2, 3}, 3, 1));
    }
}
