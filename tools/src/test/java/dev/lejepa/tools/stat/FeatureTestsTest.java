package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.trainer.eval.Features;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureTestsTest {
    private static final int ROWS = 512;
    private static final int COLUMNS = 12;

    private static float[] normal() {
        var values = new float[ROWS * COLUMNS];
        Fill.normal(Key.of(1, "features"), 0, MemorySegment.ofArray(values), 0, 1);
        return values;
    }

    private static List<FeatureTests.Row> tests(float[] values) {
        try (var engine = OrtEngine.open("cpu", EngineOptions.of(1))) {
            return new FeatureTests(engine, 0).of(new Features(values, values.length / COLUMNS, COLUMNS));
        }
    }

    private static FeatureTests.Row row(List<FeatureTests.Row> rows, String test) {
        return rows.stream().filter(r -> r.test().equals(test)).findFirst().orElseThrow();
    }

    /// Place and size are taken off, so these rows are as good as standard normal ones.
    @Test
    void normalFeaturesOfAnySizeAreFoundNormal() {
        var values = normal();
        for (var i = 0; i < values.length; i++) {
            values[i] = 40 * values[i] + 7 * (i % COLUMNS);
        }
        var rows = tests(values);
        assertTrue(rows.size() >= 10, "all univariate tests");
        for (var test : List.of("epps_pulley", "anderson_darling", "watson")) {
            var row = row(rows, test);
            // the mean is theirs, so statistics are somewhat smaller than for a law that is given
            assertTrue(
                    row.statistic() < 1.5 * row.expected() && row.statistic() > 0.2 * row.expected(), row.toString());
        }
    }

    @Test
    void directionsThatDifferAreFound() {
        var values = normal();
        for (var i = 0; i < values.length; i++) {
            values[i] *= i % COLUMNS == 0 ? 10 : 0.1f;
        }
        var row = row(tests(values), "epps_pulley");
        assertTrue(row.statistic() > 10 * row.expected(), row.toString());
    }

    @Test
    void equalOrFewRowsHaveNoTests() {
        assertEquals(List.of(), tests(new float[ROWS * COLUMNS]));
        assertEquals(List.of(), tests(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
        var values = normal();
        values[5] = Float.NaN;
        assertEquals(List.of(), tests(values));
    }
}
