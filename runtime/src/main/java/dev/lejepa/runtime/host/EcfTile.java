package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A block of rows of some columns while their characteristic functions are computed, in a core's first-level cache.
///
/// All float32 numbers lie in one array at distances known to the compiler, and sums in an array of another type: so it
/// sees that what a loop writes is not what it reads next, and turns the loops into vector code.
final class EcfTile {
    static final int WIDTH = 64;
    static final int ROWS = 32;
    private static final int SIZE = ROWS * WIDTH;

    // Places in the array.
    private static final int COS = 0;
    private static final int SIN = SIZE;
    private static final int COS1 = 2 * SIZE;
    private static final int SIN1 = 3 * SIZE;

    // pi / 2 as the sum of three numbers, of which the first two have so few digits that their multiples are exact
    private static final float QUARTER_HIGH = 1.5703125f;
    private static final float QUARTER_MIDDLE = 4.837512969970703125e-4f;
    private static final float QUARTER_LOW = 7.54978995489188e-8f;

    /// Adding and subtracting it rounds to a whole number.
    private static final float ROUND = 1.5f * (1 << 23);

    private static final float PER_QUARTER = (float) (2 / Math.PI);

    private final float[] work = new float[4 * SIZE];

    /// Sets the block to `exp(i step x)`. Rows and columns that there are not count as 0.
    ///
    /// @param at element of `x` that the block begins with
    /// @param stride from row to row
    void load(MemorySegment x, long at, long stride, int rows, int width, float step) {
        if (rows < ROWS || width < WIDTH) {
            Arrays.fill(work, COS, COS + SIZE, 0);
        }
        for (var r = 0; r < rows; r++) {
            var from = (at + r * stride) * Float.BYTES;
            MemorySegment.copy(x, JAVA_FLOAT, from, work, COS + r * WIDTH, width);
        }
        angles(work, step);
    }

    /// The angle `a = step x` is `k` quarter turns and `r`, between `-pi / 4` and `pi / 4`, of which sine and cosine are
    /// polynomials (Cephes' `sinf`, `cosf`: moshier.net). Quarter turns exchange them by products with 0, 1 and -1, so
    /// that no element takes another path than its neighbors.
    private static void angles(float[] w, float step) {
        for (var i = 0; i < SIZE; i++) {
            var x = w[COS + i];
            var k = (x * step * PER_QUARTER + ROUND) - ROUND;
            // the product of x and step is not rounded
            var r = Math.fma(k, -QUARTER_LOW, Math.fma(k, -QUARTER_MIDDLE, Math.fma(x, step, -(k * QUARTER_HIGH))));
            var q = r * r;
            var s = Math.fma(q, -1.9515295891e-4f, 8.3321608736e-3f);
            s = Math.fma(q, s, -1.6666654611e-1f);
            s = Math.fma(q * r, s, r);
            var c = Math.fma(q, 2.443315711809948e-5f, -1.388731625493765e-3f);
            c = Math.fma(q, c, 4.166664568298827e-2f);
            c = Math.fma(q * q, c, Math.fma(q, -0.5f, 1f));
            var turns = (k * 0.25f + ROUND) - ROUND;
            var f = Math.fma(turns, -4f, k); // -2 .. 2
            var cosK = 1f - Math.abs(f);
            var sinK = f * (2f - Math.abs(f));
            var cos = c * cosK - s * sinK;
            var sin = s * cosK + c * sinK;
            w[COS + i] = cos;
            w[SIN + i] = sin;
            w[COS1 + i] = cos;
            w[SIN1 + i] = sin;
        }
    }

    /// Turns every number by its first angle: from `z^j` to `z^(j+1)`.
    void turn() {
        turn(work);
    }

    private static void turn(float[] w) {
        for (var i = 0; i < SIZE; i++) {
            var c = w[COS + i];
            var s = w[SIN + i];
            var c1 = w[COS1 + i];
            var s1 = w[SIN1 + i];
            w[COS + i] = Math.fma(c, c1, -(s * s1));
            w[SIN + i] = Math.fma(s, c1, c * s1);
        }
    }

    /// Adds the sums of the rows of cosines and sines.
    ///
    /// @param cos sums of knots and columns, `[P, WIDTH]`
    void addTo(double[] cos, double[] sin, int knot, int rows) {
        for (var r = 0; r < rows; r++) {
            add(work, COS + r * WIDTH, cos, knot * WIDTH);
            add(work, SIN + r * WIDTH, sin, knot * WIDTH);
        }
    }

    private static void add(float[] w, int from, double[] sums, int to) {
        for (var i = 0; i < WIDTH; i++) {
            sums[to + i] += w[from + i];
        }
    }

    /// Sets the block's cosines and sines to a row of numbers for each, the same in every row.
    void start(double[] real, double[] imaginary, int knot) {
        for (var r = 0; r < ROWS; r++) {
            set(work, COS + r * WIDTH, real, knot * WIDTH);
            set(work, SIN + r * WIDTH, imaginary, knot * WIDTH);
        }
    }

    private static void set(float[] w, int to, double[] row, int from) {
        for (var i = 0; i < WIDTH; i++) {
            w[to + i] = (float) row[from + i];
        }
    }

    /// One step of Horner's rule: turns every number and adds a row to all.
    void turnAndAdd(double[] real, double[] imaginary, int knot) {
        turn(work);
        for (var r = 0; r < ROWS; r++) {
            increase(work, COS + r * WIDTH, real, knot * WIDTH);
            increase(work, SIN + r * WIDTH, imaginary, knot * WIDTH);
        }
    }

    private static void increase(float[] w, int to, double[] row, int from) {
        for (var i = 0; i < WIDTH; i++) {
            w[to + i] += (float) row[from + i];
        }
    }

    /// Writes the real parts.
    void store(MemorySegment y, long at, long stride, int rows, int width) {
        for (var r = 0; r < rows; r++) {
            MemorySegment.copy(work, COS + r * WIDTH, y, JAVA_FLOAT, (at + r * stride) * Float.BYTES, width);
        }
    }
}
