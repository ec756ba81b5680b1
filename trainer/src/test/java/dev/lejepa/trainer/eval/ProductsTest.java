package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tolerances: single-precision sums of up to 300 terms of size 1.
final class ProductsTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 5, 3", "100, 33, 2", "256, 64, 11", "200, 300, 4"})
    void scoresEqualPlainSums(int rows, int columns, int outputs) {
        Features x = TestData.normal(rows + 2, columns, 1);
        Features w = TestData.normal(outputs + 1, columns, 2);
        float[][] out = new float[outputs][Panel.LENGTH];
        int[] backwards = Products.inOrder(rows + 2);
        for (int i = 0; i < backwards.length; i++) {
            backwards[i] = rows + 1 - i;
        }
        Products.scores(x, backwards, 2, rows, w.values(), 1, outputs, new Panel(), out);
        for (int m = 0; m < outputs; m++) {
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int j = 0; j < columns; j++) {
                    sum += (double) w.at(m + 1, j) * x.at(rows - 1 - r, j);
                }
                assertEquals(sum, out[m][r], 1e-4);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 5", "33, 100", "1030, 256"})
    void weightedSumsEqualPlainSums(int rows, int columns) {
        Features x = TestData.normal(rows, columns + 3, 1);
        float[][] p = {
            TestData.normal(1, rows, 2).values(), TestData.normal(1, rows, 3).values()
        };
        double[][] sums = new double[2][columns];
        Products.weightedSums(
                x, Products.inOrder(rows), rows, p, 3, columns, new Panel(), new float[2][Panel.LENGTH], sums);
        for (int m = 0; m < 2; m++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int r = 0; r < rows; r++) {
                    sum += (double) p[m][r] * x.at(r, 3 + j);
                }
                assertEquals(sum, sums[m][j], 1e-4);
            }
        }
    }
}
