package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// Exponentials, logarithms and what is made of them, of arrays, for one thread. No loop branches, so that the compiler
/// turns all of them into vector code; it does so for the bits of a float only if they are read as an array of integers,
/// so numbers that are taken apart are copied from one kind of array to the other.
///
/// Errors are those of the last place or two, unless said otherwise; results for infinities and NaN are those of [Math].
final class Transcendentals {
    /// Adding and subtracting it rounds to a whole number.
    private static final float ROUND = 1.5f * (1 << 23);

    private static final float PER_LN2 = (float) (1 / Math.log(2));
    // ln 2 as the sum of two numbers, of which the first has so few digits that its multiples are exact
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    private static final int MANTISSA = 23;
    private static final int BIAS = 127;
    private static final int LEAST_NORMAL = 1 << MANTISSA;
    private static final int LARGEST = Float.floatToRawIntBits(Float.MAX_VALUE);
    private static final int SQRT_HALF = Float.floatToRawIntBits((float) Math.sqrt(0.5));

    // where exp has reached 0 and infinity
    private static final float LEAST_EXPONENT = -104;
    private static final float LARGEST_EXPONENT = 89;

    private static final float SQRT_EIGHTH = (float) Math.sqrt(0.125);

    private final int[] bits;
    private final int[] otherBits;
    private final MemorySegment bitsAsFloats;
    private final MemorySegment otherBitsAsFloats;
    private final float[] first;
    private final float[] second;
    private final float[] third;
    private final float[] fourth;

    /// @param most elements of an array
    Transcendentals(int most) {
        this.bits = new int[most];
        this.otherBits = new int[most];
        this.bitsAsFloats = MemorySegment.ofArray(bits);
        this.otherBitsAsFloats = MemorySegment.ofArray(otherBits);
        this.first = new float[most];
        this.second = new float[most];
        this.third = new float[most];
        this.fourth = new float[most];
    }

    /// `y` may be `x`.
    void exp(float[] x, float[] y, int n) {
        mantissas(x, y, bits, otherBits, n);
        MemorySegment.copy(bitsAsFloats, JAVA_FLOAT, 0, first, 0, n);
        MemorySegment.copy(otherBitsAsFloats, JAVA_FLOAT, 0, second, 0, n);
        scale(y, first, second, n);
    }

    /// `x` is `k` times ln 2 and a rest, whose exponential is a polynomial (Cephes' `expf`: moshier.net). Two to the
    /// power `k` is made in two factors, as it may lie outside the normal numbers.
    private static void mantissas(float[] powers, float[] y, int[] factor, int[] otherFactor, int n) {
        for (var i = 0; i < n; i++) {
            var x = Math.max(Math.min(powers[i], LARGEST_EXPONENT), LEAST_EXPONENT);
            var k = (x * PER_LN2 + ROUND) - ROUND;
            var r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
            var p = Math.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
            p = Math.fma(p, r, 8.3334519073e-3f);
            p = Math.fma(p, r, 4.1665795894e-2f);
            p = Math.fma(p, r, 1.6666665459e-1f);
            p = Math.fma(p, r, 5.0000001201e-1f);
            y[i] = Math.fma(p, r * r, r + 1);
            var half = (k * 0.5f + ROUND) - ROUND;
            factor[i] = (int) half + BIAS << MANTISSA;
            otherFactor[i] = (int) (k - half) + BIAS << MANTISSA;
        }
    }

    private static void scale(float[] y, float[] factor, float[] otherFactor, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = y[i] * factor[i] * otherFactor[i];
        }
    }

    /// `y` may be `x`.
    void log(float[] x, float[] y, int n) {
        MemorySegment.copy(x, 0, bitsAsFloats, JAVA_FLOAT, 0, n);
        if (areRegular(bits, n)) {
            logOfBits(y, n);
        } else {
            for (var i = 0; i < n; i++) {
                y[i] = (float) Math.log(x[i]);
            }
        }
    }

    /// Whether all numbers are positive, normal ones.
    private static boolean areRegular(int[] bits, int n) {
        var signs = 0;
        for (var i = 0; i < n; i++) {
            signs |= bits[i] - LEAST_NORMAL | LARGEST - bits[i];
        }
        return signs >= 0;
    }

    private void logOfBits(float[] y, int n) {
        takeApart(bits, first, n);
        MemorySegment.copy(bitsAsFloats, JAVA_FLOAT, 0, second, 0, n);
        logOfParts(first, second, y, n);
    }

    /// Every number is two to some power and a factor around 1.
    private static void takeApart(int[] bits, float[] powers, int n) {
        for (var i = 0; i < n; i++) {
            var power = bits[i] - SQRT_HALF >> MANTISSA;
            bits[i] -= power << MANTISSA;
            powers[i] = (float) power;
        }
    }

    /// The factor's logarithm is a polynomial (Cephes' `logf`: moshier.net).
    private static void logOfParts(float[] powers, float[] factors, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            var m = factors[i] - 1;
            var z = m * m;
            var p = Math.fma(m, 7.0376836292e-2f, -1.1514610310e-1f);
            p = Math.fma(p, m, 1.1676998740e-1f);
            p = Math.fma(p, m, -1.2420140846e-1f);
            p = Math.fma(p, m, 1.4249322787e-1f);
            p = Math.fma(p, m, -1.6668057665e-1f);
            p = Math.fma(p, m, 2.0000714765e-1f);
            p = Math.fma(p, m, -2.4999993993e-1f);
            p = Math.fma(p, m, 3.3333331174e-1f);
            var rest = Math.fma(z, -0.5f, Math.fma(powers[i], LN2_LOW, p * z * m));
            y[i] = Math.fma(powers[i], LN2_HIGH, m + rest);
        }
    }

    /// To 2e-7 of 1.
    void erf(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            var z = Math.abs(x[i]);
            var t = 1 / Math.fma(z, 0.5f, 1f);
            third[i] = t;
            fourth[i] = Math.fma(-z, z, erfcExponent(t));
        }
        exp(fourth, fourth, n);
        for (var i = 0; i < n; i++) {
            y[i] = (1 - third[i] * fourth[i]) * Math.signum(x[i]);
        }
    }

    /// `y` may not be `x`.
    void sigmoid(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = -x[i];
        }
        exp(y, y, n);
        for (var i = 0; i < n; i++) {
            y[i] = 1 / (1 + y[i]);
        }
    }

    /// `2 sigmoid(2 x) - 1`, to 1e-7 of 1. `y` may not be `x`.
    void tanh(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = -2 * x[i];
        }
        exp(y, y, n);
        for (var i = 0; i < n; i++) {
            y[i] = 2 / (1 + y[i]) - 1;
        }
    }

    /// `x sigmoid(x)`. `y` may not be `x`.
    void silu(float[] x, float[] y, int n) {
        sigmoid(x, y, n);
        for (var i = 0; i < n; i++) {
            y[i] *= x[i];
        }
    }

    /// The logarithm of the normal distribution function: `log(t / 2) + P(t) - x^2 / 2` below 0, and above it the
    /// logarithm of 1 less what that is for `-x`. To 3e-7 of its value below 0, of 1 above. `y` may not be `x`.
    void logNdtr(float[] x, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            third[i] = 0.5f / Math.fma(Math.abs(x[i]), SQRT_EIGHTH, 1f);
        }
        log(third, fourth, n);
        for (var i = 0; i < n; i++) {
            fourth[i] = Math.fma(x[i] * x[i], -0.5f, fourth[i] + erfcExponent(2 * third[i]));
        }
        exp(fourth, third, n);
        for (var i = 0; i < n; i++) {
            third[i] = 1 - third[i];
        }
        log(third, y, n);
        select(x, fourth, y, n);
    }

    /// Sets elements of `y` to those of `lower` where `x` is negative.
    private static void select(float[] x, float[] lower, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            y[i] = x[i] < 0 ? lower[i] : y[i];
        }
    }

    /// `P` of `erfc(z) = t exp(-z^2 + P(t))` with `t = 1 / (1 + z / 2)`: Press et al., Numerical Recipes in C, second
    /// edition, section 6.2.
    private static float erfcExponent(float t) {
        var p = Math.fma(t, 0.17087277f, -0.82215223f);
        p = Math.fma(p, t, 1.48851587f);
        p = Math.fma(p, t, -1.13520398f);
        p = Math.fma(p, t, 0.27886807f);
        p = Math.fma(p, t, -0.18628806f);
        p = Math.fma(p, t, 0.09678418f);
        p = Math.fma(p, t, 0.37409196f);
        p = Math.fma(p, t, 1.00002368f);
        return Math.fma(p, t, -1.26551223f);
    }
}
