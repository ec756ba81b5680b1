package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;

/// Whole numbers in float32, which holds those up to `2^24`.
final class Levels {
    static final double BRIGHTEST = 255;

    /// PIL's fixed-point weights of red, green and blue (ITU-R 601) have 16 bits.
    private static final double[] LUMA = {19595, 38470, 7471};

    private static final double LUMA_ONE = 1 << 16;

    private Levels() {}

    /// Numbers from -2^31 to 2^31 without what follows the point.
    static Value truncate(Value v) {
        return v.cast(DType.INT32).cast(DType.FLOAT32);
    }

    /// Numbers cut to 0 to 255, without what follows the point.
    static Value clipped(Value v) {
        return cut(v.clip(0, BRIGHTEST));
    }

    /// Numbers from 0 to below 256 without what follows the point.
    static Value cut(Value v) {
        return v.cast(DType.UINT8).cast(DType.FLOAT32);
    }

    /// PIL's gray `[rows, 1, H, W]` of colors `[rows, 3, H, W]`. All sums stay below `2^24`.
    static Value luma(Value rgb) {
        var weights = rgb.graph().constant(Tensor.of(Shape.of(3, 1, 1), LUMA));
        return cut(rgb.mul(weights).sum(true, 1).add(LUMA_ONE / 2).mul(1 / LUMA_ONE));
    }

    /// Whether numbers equal a constant.
    static Value is(Value v, double number) {
        return v.compare(Comparison.EQUAL, v.graph().scalar(number));
    }

    /// The mean `[rows, 1, 1, 1]` of square planes `[rows, 1, S, S]` of levels, rounded half up.
    ///
    /// A plane's sum may need more bits than float32 has. With `sum = S n + y` and `y < S` the mean is
    /// `floor((2 n + S + floor(2 y / S)) / (2 S))`, whose parts are small.
    static Value mean(Value planes) {
        var rows = planes.dim(0);
        var side = planes.dim(-1);
        var sums = planes.sum(false, 3).reshape(rows, side);
        var whole = quotient(sums, side);
        var rest = sums.sub(whole.mul(side)).sum(true, 1); // below S^2
        var more = quotient(rest, side);
        var last = rest.sub(more.mul(side));
        var n = whole.sum(true, 1).add(more);
        var twice = n.mul(2).add(side).add(quotient(last.mul(2), side));
        return quotient(twice, 2 * side).reshape(rows, 1, 1, 1);
    }

    /// `floor(a / b)` of a whole number below `2^24`; a correctly rounded quotient does not reach the next whole number.
    private static Value quotient(Value a, double b) {
        return truncate(a.div(a.graph().scalar(b)));
    }
}
