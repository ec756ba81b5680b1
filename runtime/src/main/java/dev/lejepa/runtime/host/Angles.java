package dev.lejepa.runtime.host;

/// Sine and cosine of arrays, in loops that the compiler turns into vector code.
///
/// Errors are those of the last place or two of 1.
final class Angles {
    // pi / 2 as the sum of three numbers, of which the first two have so few digits that their multiples are exact
    private static final float QUARTER_HIGH = 1.5703125f;
    private static final float QUARTER_MIDDLE = 4.837512969970703125e-4f;
    private static final float QUARTER_LOW = 7.54978995489188e-8f;

    private static final float PER_QUARTER = (float) (2 / Math.PI);

    /// Adding and subtracting it rounds to a whole number.
    private static final float ROUND = 1.5f * (1 << 23);

    /// Up to here multiples of the first two parts are exact.
    private static final float LARGEST = 8192;

    private Angles() {}

    static void sin(float[] x, float[] y, int n) {
        if (areSmall(x, n)) {
            turned(x, 0, y, n);
        } else {
            for (var i = 0; i < n; i++) {
                y[i] = (float) Math.sin(x[i]);
            }
        }
    }

    static void cos(float[] x, float[] y, int n) {
        if (areSmall(x, n)) {
            turned(x, 1, y, n);
        } else {
            for (var i = 0; i < n; i++) {
                y[i] = (float) Math.cos(x[i]);
            }
        }
    }

    private static boolean areSmall(float[] x, int n) {
        var largest = 0f;
        for (var i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        return largest <= LARGEST;
    }

    /// Sines of angles that are some quarter turns larger. The angle is `k` quarter turns and `r`, between `-pi / 4` and
    /// `pi / 4`, of which sine and cosine are polynomials (Cephes' `sinf`, `cosf`: moshier.net). Quarter turns exchange
    /// them by products with 0, 1 and -1, so that no element takes another path than its neighbors.
    private static void turned(float[] x, float quarters, float[] y, int n) {
        for (var i = 0; i < n; i++) {
            var k = (x[i] * PER_QUARTER + ROUND) - ROUND;
            var r = Math.fma(k, -QUARTER_LOW, Math.fma(k, -QUARTER_MIDDLE, Math.fma(k, -QUARTER_HIGH, x[i])));
            var q = r * r;
            var s = Math.fma(q, -1.9515295891e-4f, 8.3321608736e-3f);
            s = Math.fma(q, s, -1.6666654611e-1f);
            s = Math.fma(q * r, s, r);
            var c = Math.fma(q, 2.443315711809948e-5f, -1.388731625493765e-3f);
            c = Math.fma(q, c, 4.166664568298827e-2f);
            c = Math.fma(q * q, c, Math.fma(q, -0.5f, 1f));
            var turns = k + quarters;
            var whole = (turns * 0.25f + ROUND) - ROUND;
            var f = Math.fma(whole, -4f, turns); // -2 .. 2
            var cosK = 1f - Math.abs(f);
            var sinK = f * (2f - Math.abs(f));
            y[i] = s * cosK + c * sinK;
        }
    }
}
