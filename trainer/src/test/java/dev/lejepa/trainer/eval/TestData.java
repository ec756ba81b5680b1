package dev.lejepa.trainer.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Matrices for tests.
final class TestData {
    private TestData() {}

    /// Standard normal entries.
    static Features normal(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Features(values, rows, columns);
    }

    /// Labels 0, 1, ..., classes - 1, 0, ...
    static int[] labels(int rows, int classes) {
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % classes;
        }
        return labels;
    }

    /// Normal noise around one random center per class, `distance` from the origin in the mean.
    static Features clusters(int[] labels, int classes, int columns, double distance, long centers, long noise) {
        Features center = normal(classes, columns, centers);
        float[] values = normal(labels.length, columns, noise).values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (distance / Math.sqrt(columns)) * center.at(labels[i / columns], i % columns);
        }
        return new Features(values, labels.length, columns);
    }

    /// The numbers of a comma-separated resource, comments left out.
    static List<double[]> table(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TestData.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
    }

    /// Rows of a table from a column on.
    static Features features(List<double[]> rows, int firstColumn) {
        int columns = rows.getFirst().length - firstColumn;
        float[] values = new float[rows.size() * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows.get(i / columns)[firstColumn + i % columns];
        }
        return new Features(values, rows.size(), columns);
    }
}
