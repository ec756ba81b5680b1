package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.ir.BFloat16;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// Where numbers of some elements must lie if every step that made them was rounded to float32: intervals in double
/// precision. An element about which nothing can be said, since a divisor may be zero for one, is NaN at both ends.
record Bounds(double[] low, double[] high) {
    /// A unit in the last place of a float32 number, relative to it. Arithmetic errs by half of it.
    static final double ULP = 0x1p-23;

    /// What functions of CUDA's library may err by, in units of the last place (CUDA C++ Programming Guide: at most 2
    /// for those that formulas have), and some more for the approximations of a host's.
    private static final int FUNCTION_ULPS = 4;

    /// Partial sums that a number goes through, at most, in kernels that share a sum among threads.
    private static final int MOST_PARTIAL_SUMS = 100;

    /// Numbers that are smaller may become zero.
    private static final double TINY = 0x1p-126;

    /// A product or a sum of larger ones may be infinite in float32.
    private static final double HUGE = 1e36;

    static Bounds exactly(double[] values) {
        return new Bounds(values, values.clone());
    }

    static Bounds filled(int size, double low, double high) {
        var bounds = new Bounds(new double[size], new double[size]);
        Arrays.fill(bounds.low, low);
        Arrays.fill(bounds.high, high);
        return bounds;
    }

    int size() {
        return low.length;
    }

    boolean isKnown(int i) {
        return !Double.isNaN(low[i]);
    }

    boolean holds(int i, double x) {
        return low[i] <= x && x <= high[i];
    }

    /// The largest magnitude that an element may have.
    double magnitude(int i) {
        return Math.max(Math.abs(low[i]), Math.abs(high[i]));
    }

    /// Elements `from`, `from + 1`, ...
    Bounds piece(int from, int length) {
        return new Bounds(Arrays.copyOfRange(low, from, from + length), Arrays.copyOfRange(high, from, from + length));
    }

    /// What a rounding step makes of an interval.
    private Bounds rounded(double ulps) {
        return widened(i -> ulps * ULP * magnitude(i));
    }

    /// What an element may be off by.
    interface Slack {
        double of(int element);
    }

    private Bounds widened(Slack slack) {
        for (var i = 0; i < size(); i++) {
            var e = slack.of(i) + TINY;
            var unknown = !(magnitude(i) + e < HUGE);
            low[i] = unknown ? Double.NaN : low[i] - e;
            high[i] = unknown ? Double.NaN : high[i] + e;
        }
        return this;
    }

    private interface Pair {
        double of(double a, double b);
    }

    /// A function whose extremes are at the ends of intervals.
    private Bounds with(Bounds b, Pair function) {
        var made = new Bounds(new double[size()], new double[size()]);
        for (var i = 0; i < size(); i++) {
            var first = function.of(low[i], b.low[i]);
            var second = function.of(low[i], b.high[i]);
            var third = function.of(high[i], b.low[i]);
            var fourth = function.of(high[i], b.high[i]);
            made.low[i] = Math.min(Math.min(first, second), Math.min(third, fourth));
            made.high[i] = Math.max(Math.max(first, second), Math.max(third, fourth));
        }
        return made;
    }

    Bounds plus(Bounds b) {
        return with(b, Double::sum).rounded(1);
    }

    Bounds minus(Bounds b) {
        return with(b, (x, y) -> x - y).rounded(1);
    }

    Bounds times(Bounds b) {
        return with(b, (x, y) -> x * y).rounded(1);
    }

    Bounds over(Bounds b) {
        return times(b.reciprocal());
    }

    Bounds reciprocal() {
        var made = monotone(x -> 1 / x);
        for (var i = 0; i < size(); i++) {
            if (low[i] <= 0 && high[i] >= 0) {
                made.low[i] = Double.NaN;
                made.high[i] = Double.NaN;
            }
        }
        return made.rounded(1);
    }

    Bounds negated() {
        return monotone(x -> -x);
    }

    Bounds sign() {
        return monotone(Math::signum);
    }

    Bounds relu() {
        return monotone(x -> Math.max(x, 0));
    }

    Bounds abs() {
        var made = monotone(Math::abs);
        for (var i = 0; i < size(); i++) {
            if (low[i] < 0 && high[i] > 0) {
                made.low[i] = 0;
            }
        }
        return made;
    }

    /// The nearest bfloat16 numbers.
    Bounds toBFloat16() {
        return monotone(x -> Double.isNaN(x) ? x : BFloat16.round((float) x));
    }

    /// A function of CUDA's library that only rises or only falls.
    Bounds function(DoubleUnaryOperator f) {
        return monotone(f).rounded(FUNCTION_ULPS);
    }

    /// A function whose slope is nowhere steeper than some number, with its error beside the last place's.
    Bounds smooth(DoubleUnaryOperator f, double slope, Slack slack) {
        var made = new Bounds(new double[size()], new double[size()]);
        for (var i = 0; i < size(); i++) {
            var y = f.applyAsDouble((low[i] + high[i]) / 2);
            var spread = slope * (high[i] - low[i]) / 2;
            made.low[i] = y - spread;
            made.high[i] = y + spread;
        }
        return made.rounded(FUNCTION_ULPS).widened(slack);
    }

    private Bounds monotone(DoubleUnaryOperator f) {
        var made = new Bounds(new double[size()], new double[size()]);
        for (var i = 0; i < size(); i++) {
            var a = f.applyAsDouble(low[i]);
            var b = f.applyAsDouble(high[i]);
            made.low[i] = Math.min(a, b);
            made.high[i] = Math.max(a, b);
        }
        return made;
    }

    /// The sum of `count` elements, `stride` apart, each partial sum rounded.
    double[] sum(int from, int count, int stride) {
        var lowest = 0.0;
        var highest = 0.0;
        var magnitudes = 0.0;
        for (var k = 0; k < count; k++) {
            var i = from + k * stride;
            lowest += low[i];
            highest += high[i];
            magnitudes += magnitude(i);
        }
        var error = Math.min(count, MOST_PARTIAL_SUMS) * ULP / 2 * magnitudes + TINY;
        return new double[] {lowest - error, highest + error};
    }
}
