package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.random.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
    private static final int N = 2000;
    private static final int D = 8;

    @TempDir
    Path folder;

    /// Departures of a normal sample after a change of its rows.
    private List<String> departures(int seed, Consumer<double[][]> change) throws IOException {
        var draws = Key.of(seed).draws();
        var rows = new double[N][D];
        for (var row : rows) {
            Arrays.setAll(row, _ -> draws.normal());
        }
        change.accept(rows);
        var file = folder.resolve("x.npy");
        NpyFile.write(file, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(), N, D);
        return Diagnosis.of(NpyFile.matrix(file), seed);
    }

    private void assertOnly(String expected, Consumer<double[][]> change) throws IOException {
        var found = departures(7, change);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.getFirst().contains(expected), found.toString());
    }

    private static Consumer<double[][]> each(DoubleUnaryOperator f) {
        return rows -> {
            for (var row : rows) {
                Arrays.setAll(row, j -> f.applyAsDouble(row[j]));
            }
        };
    }

    @Test
    void normalSamplesHaveNoDepartures() throws IOException {
        var told = 0;
        for (var seed = 0; seed < 40; seed++) {
            told += departures(seed, _ -> {}).isEmpty() ? 0 : 1;
        }
        assertTrue(told <= 2, told + " of 40");
    }

    @Test
    void shiftIsAMeanThatIsNotZero() throws IOException {
        assertOnly("the mean is not zero", each(x -> x + 0.3));
    }

    @Test
    void widerValuesAreAScaleThatIsNotOne() throws IOException {
        assertOnly("the scale is not one", each(x -> 1.2 * x));
    }

    /// A few of the largest values make the skewness of heavy tails large by chance.
    @Test
    void heavyTailsAreNoSkew() throws IOException {
        for (var seed = 0; seed < 10; seed++) {
            var found = departures(seed, each(x -> Math.sinh(1.5 * x) / 2.95));
            assertTrue(found.toString().contains("tails are heavier"), found.toString());
            assertTrue(!found.toString().contains("skewed"), found.toString());
        }
    }

    @Test
    void uniformValuesHaveLighterTails() throws IOException {
        // nearly the normal distribution function, from -1 to 1
        assertOnly("tails are lighter", each(x -> Math.sqrt(3) * Math.tanh(0.79788 * (x + 0.044715 * x * x * x))));
    }

    @Test
    void exponentialValuesAreSkewed() throws IOException {
        var found = departures(7, each(x -> (Math.exp(x / 3) - Math.exp(1 / 18.0)) / 0.3607));
        assertTrue(found.toString().contains("skewed to the right"), found.toString());
    }

    @Test
    void columnThatFollowsAnotherIsCorrelated() throws IOException {
        assertOnly("correlated (0.3", rows -> {
            for (var row : rows) {
                row[2] = 0.36 * row[5] + Math.sqrt(1 - 0.36 * 0.36) * row[2];
            }
        });
    }

    @Test
    void columnsThatAreSumsOfFewHaveALowEffectiveRank() throws IOException {
        var found = departures(7, rows -> {
            for (var row : rows) {
                IntStream.range(2, D).forEach(j -> row[j] = Math.cos(j) * row[0] + Math.sin(j) * row[1]);
            }
        });
        assertTrue(found.toString().contains("effective rank 2"), found.toString());
    }

    /// The copies carry the chance correlations of the rows that they repeat.
    @Test
    void repeatedRowsAreNoCorrelation() throws IOException {
        assertOnly("1500 of 2000 rows repeat another row", rows -> {
            for (var i = 500; i < N; i++) {
                rows[i] = rows[i % 500].clone();
            }
        });
    }
}
