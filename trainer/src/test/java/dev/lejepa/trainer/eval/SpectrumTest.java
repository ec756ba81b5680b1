package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpectrumTest {
    /// What 1e-7 on each share of a handful does to a rank.
    private static final double OF_EPSILON = 1e-4;

    /// The second-difference matrix has singular values `2 - 2 cos(i pi / (n + 1))`; put on itself, those times the
    /// root of 2.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 200})
    void singularValuesOfTheSecondDifferenceAreKnown(int n) {
        double[][] a = new double[n][n];
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) {
            a[i][i] = 2;
            if (i > 0) {
                a[i][i - 1] = -1;
                a[i - 1][i] = -1;
            }
            expected[n - 1 - i] = 2 - 2 * Math.cos((i + 1) * Math.PI / (n + 1));
        }
        assertArrayEquals(expected, SingularValues.of(a), 1e-12 * n);
        double[][] r = TriangularFactor.of(2 * n, n, 0, (row, to) -> System.arraycopy(a[row % n], 0, to, 0, n));
        double[] twice = Arrays.stream(expected).map(v -> Math.sqrt(2) * v).toArray();
        assertArrayEquals(twice, SingularValues.of(r), 1e-12 * n);
    }

    /// Parts side by side are as good as one: 5,000 rows are factored in four, 900 in one.
    @ParameterizedTest
    @ValueSource(ints = {900, 5000})
    void triangularFactorHasTheProductsOfTheColumns(int rows) {
        Features x = TestData.normal(rows, 13, 4);
        double[][] r = TriangularFactor.of(rows, 13, 0.5, (row, to) -> {
            for (int j = 0; j < to.length; j++) {
                to[j] = x.at(row, j);
            }
        });
        for (int a = 0; a < 13; a++) {
            for (int b = 0; b < 13; b++) {
                double expected = a == b ? 0.25 : 0;
                double found = 0;
                for (int row = 0; row < rows; row++) {
                    expected += (double) x.at(row, a) * x.at(row, b);
                }
                for (int row = 0; row < 13; row++) {
                    found += r[row][a] * r[row][b];
                }
                assertEquals(expected, found, 1e-12 * rows);
                assertTrue(b >= a || r[a][b] == 0, "below the diagonal");
            }
        }
    }

    @Test
    void orthogonalRowsHaveFullRank() {
        float[] values = new float[8 * 8];
        for (int i = 0; i < 8; i++) {
            values[i * 8 + i] = 3;
        }
        assertEquals(8, Spectrum.of(new Features(values, 8, 8)).rankMe(), OF_EPSILON);
    }

    @Test
    void equalRowsHaveRankOneAndNoneWhenCentered() {
        float[] values = new float[50 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 6 + 1;
        }
        Spectrum spectrum = Spectrum.of(new Features(values, 50, 6));
        assertEquals(1, spectrum.rankMe(), OF_EPSILON);
        assertEquals(0, spectrum.centeredRank());
        assertArrayEquals(new double[6], spectrum.covariance());
    }

    @Test
    void wideAndTallMatricesHaveTheSameSingularValues() {
        Features tall = TestData.normal(40, 7, 3);
        float[] transposed = new float[40 * 7];
        for (int r = 0; r < 40; r++) {
            for (int j = 0; j < 7; j++) {
                transposed[j * 40 + r] = tall.at(r, j);
            }
        }
        Features wide = new Features(transposed, 7, 40);
        assertArrayEquals(Spectrum.of(tall).singularValues(), Spectrum.of(wide).singularValues(), 1e-12 * 40);
    }

    @Test
    void normalRowsNearlyReachTheLargestRank() {
        double rank = Spectrum.of(TestData.normal(5000, 16, 3)).centeredRank();
        assertTrue(rank > 15.9 && rank <= 16 + OF_EPSILON, "rank " + rank);
    }

    @Test
    void deviationsAreThoseOfEachColumn() {
        Features x = new Features(new float[] {1, 7, 3, 7}, 2, 2);
        assertArrayEquals(new double[] {1, 0}, Spread.of(x).deviation(), 1e-12);
    }
}
