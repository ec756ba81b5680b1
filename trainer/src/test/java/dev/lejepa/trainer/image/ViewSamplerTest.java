package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.JitterDraw.Change;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewSamplerTest {
    private static final int TRIALS = 20_000;
    private static final ViewsSpec SPEC = ViewsSpec.defaults();

    private static ViewDraw draw(ViewsSpec spec, int i) {
        return new ViewSampler(spec)
                .draw(375, 500, spec.global(), Key.of(3, "views", i).draws());
    }

    @Test
    void stepsHappenWithTheirProbabilities() {
        double flip = 0;
        double jitter = 0;
        double gray = 0;
        double blur = 0;
        double solarize = 0;
        for (int i = 0; i < TRIALS; i++) {
            ViewDraw draw = draw(SPEC, i);
            flip += draw.flip() ? 1 : 0;
            jitter += draw.jitter().isPresent() ? 1 : 0;
            gray += draw.grayscale() ? 1 : 0;
            blur += draw.blurSigma().isPresent() ? 1 : 0;
            solarize += draw.solarize() ? 1 : 0;
        }
        // five standard errors of a fraction of 20,000 at its widest
        double tolerance = 5 * 0.5 / Math.sqrt(TRIALS);
        assertEquals(0.5, flip / TRIALS, tolerance);
        assertEquals(0.8, jitter / TRIALS, tolerance);
        assertEquals(0.2, gray / TRIALS, tolerance);
        assertEquals(0.5, blur / TRIALS, tolerance);
        assertEquals(0.2, solarize / TRIALS, tolerance);
    }

    @Test
    void factorsFillTheirRanges() {
        double[] low = {9, 9, 9, 9, 9};
        double[] high = {-9, -9, -9, -9, -9};
        for (int i = 0; i < TRIALS; i++) {
            ViewDraw draw = draw(SPEC, i);
            draw.jitter().ifPresent(j -> {
                stretch(low, high, 0, j.brightness());
                stretch(low, high, 1, j.contrast());
                stretch(low, high, 2, j.saturation());
                stretch(low, high, 3, j.hue());
            });
            draw.blurSigma().ifPresent(sigma -> stretch(low, high, 4, sigma));
        }
        double[] expectedLow = {0.6, 0.6, 0.8, -0.1, 0.1};
        double[] expectedHigh = {1.4, 1.4, 1.2, 0.1, 2.0};
        for (int k = 0; k < low.length; k++) {
            // of 10,000 uniform numbers the extremes lie within 1 % of the ends but for a chance of e^-100
            double slack = 0.01 * (expectedHigh[k] - expectedLow[k]);
            assertTrue(low[k] >= expectedLow[k] && low[k] < expectedLow[k] + slack, "lowest of " + k + ": " + low[k]);
            assertTrue(
                    high[k] < expectedHigh[k] && high[k] > expectedHigh[k] - slack, "highest of " + k + ": " + high[k]);
        }
    }

    private static void stretch(double[] low, double[] high, int k, double value) {
        low[k] = Math.min(low[k], value);
        high[k] = Math.max(high[k], value);
    }

    @Test
    void allOrdersOfJitterAreEquallyLikely() {
        Map<List<Change>, Integer> seen = new HashMap<>();
        int jittered = 0;
        for (int i = 0; i < TRIALS; i++) {
            var jitter = draw(SPEC, i).jitter();
            if (jitter.isPresent()) {
                jittered++;
                seen.merge(jitter.get().order(), 1, Integer::sum);
            }
        }
        assertEquals(24, seen.size());
        double expected = jittered / 24.0;
        // five standard deviations of a Poisson count
        seen.forEach((order, count) -> assertEquals(expected, count, 5 * Math.sqrt(expected), order.toString()));
    }

    @Test
    void jitterOfStrengthZeroIsLeftOut() {
        ViewsSpec spec = new ViewsSpec(
                SPEC.global(),
                SPEC.local(),
                SPEC.ratio(),
                SPEC.flip(),
                new JitterSpec(1, 0.4, 0, 0.2, 0),
                SPEC.grayscale(),
                SPEC.blur(),
                SPEC.solarize(),
                SPEC.mean(),
                SPEC.std());
        for (int i = 0; i < 50; i++) {
            List<Change> order = draw(spec, i).jitter().orElseThrow().order();
            assertEquals(EnumSet.of(Change.BRIGHTNESS, Change.SATURATION), EnumSet.copyOf(order));
        }
    }

    @Test
    void sameStreamGivesTheSameView() {
        assertEquals(draw(SPEC, 17), draw(SPEC, 17));
        assertNotEquals(draw(SPEC, 17), draw(SPEC, 18));
    }
}
