package dev.lejepa.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HealthTest {
    /// Both sides compute in double precision; what differs is the order of their sums.
    private static final double TOLERANCE = 1e-9;

    /// By NumPy (`tools/interop/health_reference.py`).
    static List<JsonNode> cases() throws IOException {
        try (var in = Objects.requireNonNull(HealthTest.class.getResourceAsStream("health.json"))) {
            return new ObjectMapper().readTree(in).get("cases").valueStream().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void figuresEqualNumPys(JsonNode line) {
        int rows = line.get("rows").asInt();
        int columns = line.get("columns").asInt();
        Features x = line.has("values")
                ? new Features(floats(line.get("values")), rows, columns)
                : wholeNumbers(rows, columns, 40);
        Health health = Health.ofViews(x, line.get("views").asInt());
        JsonNode expected = line.get("expected");
        health.numbers().forEach((name, found) -> {
            if (!name.equals("rank_max")) {
                double value = expected.get(name).asDouble();
                assertEquals(value, found.doubleValue(), TOLERANCE * Math.max(1, Math.abs(value)), name);
            }
        });
        assertEquals(expected.size(), health.numbers().size(), "all but rank_max, and the spectrum");
        double[] spectrum = expected.get("spectrum")
                .valueStream()
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        assertArrayEquals(spectrum, health.covariance(), TOLERANCE * spectrum[0]);
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    /// A matrix of low rank in 64ths, without a rounding error.
    private static Features wholeNumbers(int rows, int columns, int rank) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int sum = 3;
                for (int k = 0; k < rank; k++) {
                    int left = (7 * i + 13 * k + i * k * k) % 17 - 8;
                    int right = (5 * k + 11 * j + k * j * j) % 19 - 9;
                    sum += left * right;
                }
                values[i * columns + j] = sum / 64f;
            }
        }
        return new Features(values, rows, columns);
    }

    @Test
    void threadsChangeNoBit() throws ExecutionException, InterruptedException {
        Features x = TestData.normal(4096, 24, 7);
        try (ForkJoinPool one = new ForkJoinPool(1);
                ForkJoinPool three = new ForkJoinPool(3)) {
            Health alone = one.submit(() -> Health.ofViews(x, 4)).get();
            Health together = three.submit(() -> Health.ofViews(x, 4)).get();
            assertEquals(alone.numbers(), together.numbers());
            assertArrayEquals(alone.covariance(), together.covariance());
        }
    }

    @Test
    void rowsThatAreNotFiniteHaveNoFigures() {
        float[] values = TestData.normal(12, 5, 1).values().clone();
        values[17] = Float.NaN;
        Health health = Health.ofViews(new Features(values, 12, 5), 2);
        assertFalse(health.finite());
        assertTrue(Double.isNaN(health.rankMe()));
        assertEquals(OptionalDouble.empty(), health.lidar());
        assertEquals(List.of(), health.shownSpectrum());
    }

    @Test
    void oneImageHasNoSpread() {
        Health health = Health.of(new Features(new float[] {3, 0, 4}, 1, 3));
        assertEquals(1, health.rankMe(), 1e-4); // 1e-7 on each share
        assertEquals(0, health.centeredRank());
        assertTrue(Double.isNaN(health.anisotropy()), "no pair of rows");
        assertArrayEquals(new double[3], health.covariance());
    }

    @Test
    void viewsOfOneImageAreAlignedButTellNothingOfImages() {
        Health health = Health.ofViews(new Features(new float[] {1, 0, 0, 1}, 2, 2), 2);
        assertEquals(2, health.alignment().orElseThrow(), 1e-12);
        assertEquals(OptionalDouble.empty(), health.lidar());
    }

    @Test
    void equalRowsAreOnePointAndAllTheirDimensionsAreDead() {
        float[] values = new float[40 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f * (i % 6);
        }
        Health health = Health.ofViews(new Features(values, 40, 6), 4);
        assertEquals(6, health.spread().dead());
        assertEquals(1, health.anisotropy(), 1e-9);
        assertEquals(0, health.uniformity(), 1e-9);
        assertEquals(0, health.alignment().orElseThrow(), 1e-9);
        assertEquals(0, health.lidar().orElseThrow());
    }

    @Test
    void rowsOfZerosAreNoFault() {
        Health health = Health.ofViews(new Features(new float[8 * 3], 8, 3), 2);
        assertEquals(0, health.rankMe());
        assertEquals(0, health.alignment().orElseThrow());
    }

    @Test
    void shownSpectrumGoesFromTheFirstEigenvalueToTheLast() {
        Health health = Health.of(TestData.normal(300, 200, 2));
        assertEquals(1, health.shownPlaces().getFirst());
        assertEquals(200, health.shownPlaces().getLast());
        assertTrue(health.shownPlaces().size() <= 32);
        assertEquals(health.shownPlaces().size(), health.shownSpectrum().size());
        double sum =
                IntStream.range(0, 200).mapToDouble(i -> health.covariance()[i]).sum();
        assertEquals(health.covariance()[0] / sum, health.shownSpectrum().getFirst(), 1e-12);
        assertEquals(List.of(1, 2, 3), Health.of(TestData.normal(9, 3, 2)).shownPlaces());
    }
}
