package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Key;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawnLawTest {
    private static final int DRAWS = 5000;

    private static DrawnLaw law(int seed, DoubleUnaryOperator ofNormal) {
        var draws = Key.of(seed).draws();
        return new DrawnLaw(IntStream.range(0, DRAWS)
                .mapToDouble(_ -> ofNormal.applyAsDouble(draws.normal()))
                .toArray());
    }

    @Test
    void survivalWithinTheDrawsIsThatOfTheLaw() {
        var law = law(1, x -> x);
        assertEquals(0.5, law.survival(0), 0.03);
        assertEquals(0.1587, law.survival(1), 0.02);
        assertEquals(0.0228, law.survival(2), 0.006);
        assertEquals(1, law.survival(-9), 1e-9);
        assertEquals(0.1587, law.mirrored().survival(1), 0.02);
        assertTrue(Double.isNaN(law.survival(Double.NaN)));
    }

    /// Squares of normal numbers have a tail a little lighter than exponential, their exponentials a heavier one: what
    /// has a probability of a millionth is told more probable, in all but a few of the cases, but not beyond measure.
    @Test
    void survivalBeyondTheDrawsIsNotTooSmall() {
        var bound = 4.8916; // either way in a millionth of the cases
        var squares = IntStream.range(0, 40)
                .mapToDouble(s -> law(s, x -> x * x).survival(bound * bound))
                .toArray();
        var exponentials = IntStream.range(0, 40)
                .mapToDouble(s -> law(s, x -> Math.exp(Math.abs(x) / 3)).survival(Math.exp(bound / 3)))
                .toArray();
        for (var found : new double[][] {squares, exponentials}) {
            assertTrue(Arrays.stream(found).filter(p -> p < 1e-6).count() <= 8, Arrays.toString(found));
            assertTrue(Arrays.stream(found).max().orElseThrow() < 1e-3, Arrays.toString(found));
        }
    }

    @Test
    void survivalFallsToABillionth() {
        var law = law(3, x -> x * x);
        var before = 1.0;
        for (var x = 0.0; x < 1000; x = 1.1 * x + 0.1) {
            assertTrue(law.survival(x) <= before, "at " + x);
            before = law.survival(x);
        }
        assertEquals(1e-9, before);
    }

    @Test
    void drawsThatAreAllEqualHaveNoTail() {
        var law = new DrawnLaw(new double[] {2, 2, 2, 2});
        assertEquals(0.2, law.survival(3), 1e-12);
        assertEquals(1, law.survival(2), 1e-12);
    }

    /// Some statistics grow so fast that single precision has no number for the largest of their draws.
    @Test
    void infiniteDrawsLeaveTheRanks() {
        var draws = new double[99];
        Arrays.setAll(draws, i -> i < 3 ? Double.POSITIVE_INFINITY : i);
        var law = new DrawnLaw(draws);
        assertEquals(0.04, law.survival(1e9), 1e-12);
        assertEquals(0.04, law.survival(Double.POSITIVE_INFINITY), 1e-12);
        assertEquals(0.06, law.survival(97), 1e-12);
        assertEquals(0.5, law.survival(53), 1e-12);
        assertEquals(0.49, law.mirrored().survival(-50), 1e-12);
    }

    @Test
    void drawsThatAreNoNumbersAreLeftOut() {
        var law = new DrawnLaw(new double[] {Double.NaN, 1, 2, Double.NaN, 3, 4});
        assertEquals(1, law.survival(1), 1e-12);
        assertEquals(2.5, law.mean(), 1e-12);
        assertTrue(Double.isNaN(new DrawnLaw(new double[] {Double.NaN}).survival(3)));
    }
}
