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

    // pi as the sum of three numbers, of which the first two have so few digits that their multiples are exact
    private static final float PI_HIGH = 3.140625f;
    private static final float PI_MIDDLE = 9.67502593994140625e-4f;
    private static final float PI_LOW = 1.509957990978376e-7f;

    /// Adding and subtracting it rounds to a whole number.
    private static final float ROUND = 1.5f * (1 << 23);

    private static final float PER_TURN = (float) (1 / (2 * Math.PI));

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

    /// The angle `a = step x` less whole turns is twice `h`, between `-pi / 2` and `pi / 2`; `cos a = 1 - 2 sin^2 h` and
    /// `sin a = 2 sin h cos h`, from Taylor's polynomials of degree 11 and 12, which are 6e-8 off at the ends.
    private static void angles(float[] w, float step) {
        for (var i = 0; i < SIZE; i++) {
            var a = w[COS + i] * step;
            var turns = (a * PER_TURN + ROUND) - ROUND;
            var h = Math.fma(turns, -PI_LOW, Math.fma(turns, -PI_MIDDLE, Math.fma(turns, -PI_HIGH, 0.5f * a)));
            var q = h * h;
            var s = Math.fma(q, -2.5052108e-8f, 2.7557319e-6f);
            s = Math.fma(q, s, -1.9841270e-4f);
            s = Math.fma(q, s, 8.3333333e-3f);
            s = Math.fma(q, s, -1.6666667e-1f);
            s = Math.fma(q * h, s, h);
            var c = Math.fma(q, 2.0876757e-9f, -2.7557319e-7f);
            c = Math.fma(q, c, 2.4801587e-5f);
            c = Math.fma(q, c, -1.3888889e-3f);
            c = Math.fma(q, c, 4.1666667e-2f);
            c = Math.fma(q, c, -0.5f);
            c = Math.fma(q, c, 1f);
            var cos = Math.fma(-2f * s, s, 1f);
            var sin = 2f * s * c;
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
