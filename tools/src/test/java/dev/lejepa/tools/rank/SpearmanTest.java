package dev.lejepa.tools.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SpearmanTest {
    private static final double[] X = {3, 1, 4, 1, 5, 9, 2, 6};
    private static final double[] Y = {2, 7, 1, 8, 2, 8, 1, 8};

    /// Both numbers from scipy 1's `spearmanr`.
    @Test
    void correlationIsScipysWithTiesAndWithFew() {
        var one = Spearman.correlation(new double[] {1, 2, 3, 4, 5}, new double[] {5, 6, 7, 8, 7});
        assertEquals(0.8207826816681233, one.orElseThrow(), 1e-12);
        assertEquals(0.19885368120992467, Spearman.correlation(X, Y).orElseThrow(), 1e-12);
    }

    @Test
    void onlyTheOrderCounts() {
        var ascending = Spearman.correlation(new double[] {1, 2, 3, 4}, new double[] {-9, 0, 1e-3, 1e9});
        assertEquals(1, ascending.orElseThrow(), 1e-12);
        var descending = Spearman.correlation(new double[] {1, 2, 3}, new double[] {3, 2, Double.NEGATIVE_INFINITY});
        assertEquals(-1, descending.orElseThrow(), 1e-12);
    }

    @Test
    void twoPairsOrEqualValuesHaveNoCorrelation() {
        assertEquals(OptionalDouble.empty(), Spearman.correlation(new double[] {1, 2}, new double[] {1, 2}));
        assertEquals(OptionalDouble.empty(), Spearman.correlation(new double[] {1, 1, 1}, new double[] {1, 2, 3}));
        assertEquals(Optional.empty(), Spearman.interval(new double[] {1, 2}, new double[] {1, 2}, 0));
    }

    @Test
    void intervalIsAFunctionOfTheSeed() {
        var first = Spearman.interval(X, Y, 7).orElseThrow();
        assertEquals(first, Spearman.interval(X, Y, 7).orElseThrow());
        assertNotEquals(first, Spearman.interval(X, Y, 8).orElseThrow());
    }

    @Test
    void intervalHoldsTheCorrelationAndIsWideForFewRuns() {
        var interval = Spearman.interval(X, Y, 0).orElseThrow();
        assertTrue(interval.low() < 0.19 && interval.high() > 0.2, interval.toString());
        assertTrue(interval.high() - interval.low() > 0.5, interval.toString());
        assertTrue(interval.low() >= -1 && interval.high() <= 1, interval.toString());
    }

    @Test
    void intervalOfAPerfectOrderIsOnePoint() {
        var x = new double[] {1, 2, 3, 4, 5, 6};
        assertEquals(
                new Spearman.Interval(1, 1), rounded(Spearman.interval(x, x, 0).orElseThrow()));
    }

    private static Spearman.Interval rounded(Spearman.Interval interval) {
        return new Spearman.Interval(Math.round(interval.low() * 1e9) / 1e9, Math.round(interval.high() * 1e9) / 1e9);
    }
}
