package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpectrumTest {

    /// The second-difference matrix has eigenvalues `2 - 2 cos(i pi / (n + 1))`.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 200})
    void eigenvaluesOfTheSecondDifferenceAreKnown(int n) {
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
        assertArrayEquals(expected, SymmetricEigen.values(a), 1e-12 * n);
    }

    /// A reflection of a diagonal matrix is full, and has the diagonal as its eigenvalues.
    @Test
    void eigenvaluesOfAFullMatrixAreKnown() {
        int n = 60;
        Features random = TestData.normal(1, n, 4);
        double squares = 0;
        for (float v : random.values()) {
            squares += (double) v * v;
        }
        double[] expected = new double[n];
        double[][] reflection = new double[n][n];
        for (int i = 0; i < n; i++) {
            expected[i] = Math.pow(0.7, i) * (i % 3 == 0 ? -1 : 1);
            for (int j = 0; j < n; j++) {
                reflection[i][j] = (i == j ? 1 : 0) - 2.0 * random.at(0, i) * random.at(0, j) / squares;
            }
        }
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    a[i][j] += reflection[i][k] * expected[k] * reflection[j][k];
                }
            }
        }
        Arrays.sort(expected);
        double[] found = SymmetricEigen.values(a);
        Arrays.sort(found);
        assertArrayEquals(expected, found, 1e-13 * n);
    }

    /// Features behind a head that is wider than what feeds it: all but a few eigenvalues are rounding errors.
    @Test
    void eigenvaluesOfAMatrixOfLowRankConverge() {
        int n = 512;
        int rank = 96;
        Features x = TestData.normal(rank, n, 4);
        double[][] a = new double[n][n];
        double trace = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int r = 0; r < rank; r++) {
                    a[i][j] += (double) x.at(r, i) * x.at(r, j);
                }
            }
            trace += a[i][i];
        }
        double[] found = SymmetricEigen.values(a);
        assertEquals(trace, Arrays.stream(found).sum(), 1e-9 * trace);
        assertEquals(0, found[rank], 1e-9 * found[0]);
        assertTrue(found[rank - 1] > 1e-3 * found[0]);
    }

    @Test
    void orthogonalRowsHaveFullRank() {
        float[] values = new float[8 * 8];
        for (int i = 0; i < 8; i++) {
            values[i * 8 + i] = 3;
        }
        assertEquals(8, Spectrum.of(new Features(values, 8, 8)).effectiveRank(), 1e-9);
    }

    @Test
    void equalRowsHaveRankOneAndNoneWhenCentered() {
        float[] values = new float[50 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 6 + 1;
        }
        Features x = new Features(values, 50, 6);
        assertEquals(1, Spectrum.of(x).effectiveRank(), 1e-5);
        assertEquals(0, Spectrum.centered(x).effectiveRank());
    }

    @Test
    void wideAndTallMatricesHaveTheSameSpectrum() {
        Features tall = TestData.normal(40, 7, 3);
        float[] transposed = new float[40 * 7];
        for (int r = 0; r < 40; r++) {
            for (int j = 0; j < 7; j++) {
                transposed[j * 40 + r] = tall.at(r, j);
            }
        }
        Features wide = new Features(transposed, 7, 40);
        assertArrayEquals(Spectrum.of(tall).singularValues(), Spectrum.of(wide).singularValues(), 1e-9);
    }

    @Test
    void normalRowsNearlyReachTheLargestRank() {
        double rank = Spectrum.centered(TestData.normal(5000, 16, 3)).effectiveRank();
        assertTrue(rank > 15.9 && rank <= 16, "rank " + rank);
    }

    @Test
    void deviationsAreThoseOfEachColumn() {
        Features x = new Features(new float[] {1, 7, 3, 7}, 2, 2);
        assertArrayEquals(new double[] {1, 0}, Spectrum.deviations(x), 1e-12);
    }
}
