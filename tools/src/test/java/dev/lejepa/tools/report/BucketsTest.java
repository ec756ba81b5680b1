package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static Buckets of(int capacity) {
        return new Buckets(capacity, List.of("a", "b"));
    }

    @Test
    void aFewStepsStayAsTheyAre() {
        var buckets = of(8);
        for (var step = 1; step <= 7; step++) {
            buckets.add(step, step * 10, -step);
        }
        assertEquals(1, buckets.width());
        for (var step = 1; step <= 7; step++) {
            assertEquals(step, buckets.step(step));
            assertEquals(step * 10, buckets.mean("a", step));
            assertEquals(-step, buckets.least("b", step));
        }
        assertFalse(buckets.has("a", 0), "there is no step 0");
    }

    @Test
    void spikesOfOneStepStayInAMillion() {
        var buckets = of(100);
        for (var step = 1; step <= 1_000_000; step++) {
            buckets.add(step, step == 777_777 ? 50 : step == 123_456 ? -50 : 1, 0);
        }
        assertTrue(buckets.size() <= 100, buckets.size() + " buckets");
        assertEquals(50, buckets.greatest("a", (int) (777_777 / buckets.width())));
        assertEquals(-50, buckets.least("a", (int) (123_456 / buckets.width())));
        assertEquals(50, buckets.greatest("a"));
    }

    @Test
    void meansAreThoseOfTheStepsWhateverTheOrderOfDoubling() {
        var buckets = of(4);
        for (var step = 0; step < 32; step++) {
            buckets.add(step, step, 0);
        }
        assertEquals(8, buckets.width());
        for (var bucket = 0; bucket < 4; bucket++) {
            assertEquals(8 * bucket + 3.5, buckets.mean("a", bucket), 1e-12);
            assertEquals(8 * bucket, buckets.least("a", bucket));
            assertEquals(8 * bucket + 7, buckets.greatest("a", bucket));
            assertEquals(8 * bucket + 7, buckets.step(bucket));
        }
    }

    @Test
    void whatIsNoNumberCountsForNone() {
        var buckets = of(2);
        buckets.add(0, Double.NaN, 1);
        buckets.add(1, Double.POSITIVE_INFINITY, 2);
        assertFalse(buckets.has("a"));
        assertEquals(2, buckets.latest("b"));
        assertTrue(Double.isNaN(buckets.latest("a")));
        buckets.add(2, 5, Double.NaN);
        assertEquals(5, buckets.mean("a", 1));
        assertEquals(2, buckets.latest("b"), "the last that was one");
        assertEquals(1.5, buckets.mean("b", 0));
    }

    @Test
    void gapsBetweenStepsLeaveBucketsEmpty() {
        var buckets = of(10);
        buckets.add(62, 1, 1);
        buckets.add(124, 2, 2);
        assertEquals(16, buckets.width());
        assertEquals(62, buckets.step(3));
        assertEquals(124, buckets.step(7));
        assertFalse(buckets.has("a", 5));
    }
}
