package dev.lejepa.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.normal.Erf;
import dev.lejepa.graphs.normal.NormalLaw;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TranscendentalsTest {
    /// What float32 resolves, times two: polynomials and the last rounding.
    private static final double TWO_PLACES = 2.4e-7;

    private static final int LENGTH = 512;
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1e-40f,
        1e30f,
        -1e30f
    };

    private final Transcendentals functions = new Transcendentals(LENGTH);

    @FunctionalInterface
    private interface Loop {
        void run(float[] x, float[] y, int n);
    }

    @Test
    void exponentialsAreGoodFromZeroToInfinity() {
        for (var x : range(-110, 95)) {
            var expected = (float) Math.exp(x);
            // below the normal numbers only the last digit counts
            var error = Math.max(TWO_PLACES * expected, 2 * Float.MIN_VALUE);
            assertEquals(expected, at(functions::exp, x), error, "exp(%s)".formatted(x));
        }
    }

    @Test
    void logarithmsAreGoodForAllPositiveNumbers() {
        for (var power : range(-100, 88)) {
            var x = (float) Math.exp(power);
            var expected = Math.log(x);
            assertEquals(expected, at(functions::log, x), TWO_PLACES * Math.max(1, Math.abs(expected)), "log of " + x);
        }
        for (var x : range(0.9, 1.1)) {
            assertEquals(Math.log(x), at(functions::log, x), TWO_PLACES * Math.abs(Math.log(x)), "log of " + x);
        }
    }

    @Test
    void errorFunctionIsGoodBesideOne() {
        for (var x : range(-7, 7)) {
            assertEquals(Erf.erf(x), at(functions::erf, x), TWO_PLACES, "erf of " + x);
        }
    }

    @Test
    void logarithmOfTheNormalLawIsGoodInBothTails() {
        for (var x : range(-40, 12)) {
            var expected = NormalLaw.logCdf(x);
            var size = x < 0 ? Math.abs(expected) : 1;
            assertEquals(expected, at(functions::logNdtr, x), 3e-7 * size, "log Phi of " + x);
        }
    }

    @Test
    void specialNumbersGiveWhatMathGives() {
        assertSpecial(functions::exp, Math::exp);
        assertSpecial(functions::log, Math::log);
        assertSpecial(functions::erf, x -> Double.isInfinite(x) ? Math.signum(x) : Erf.erf(x));
        assertSpecial(functions::logNdtr, x -> x == Double.POSITIVE_INFINITY ? 0 : NormalLaw.logCdf(x));
    }

    private void assertSpecial(Loop loop, DoubleUnaryOperator expected) {
        for (var x : SPECIAL) {
            var y = (float) expected.applyAsDouble(x);
            var error = Math.abs(y) * TWO_PLACES + 1.5e-7;
            assertEquals(y, at(loop, x), Double.isFinite(error) ? error : 0, "of " + x);
        }
    }

    /// Among numbers that are none of the special ones.
    private static float at(Loop loop, float x) {
        var in = new float[LENGTH];
        var out = new float[LENGTH];
        Arrays.fill(in, 0.5f);
        in[5] = x;
        loop.run(in, out, LENGTH);
        return out[5];
    }

    private static float[] range(double from, double to) {
        var all = new float[2000];
        for (var i = 0; i < all.length; i++) {
            all[i] = (float) (from + (to - from) * i / (all.length - 1));
        }
        return all;
    }
}
