package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudnnConvolution;
import dev.lejepa.runtime.cudart.CudnnConvolution.Direction;
import dev.lejepa.runtime.kernel.Sliding;
import java.util.List;

/// The sizes of a convolution of maps `[N, H, W, C]` with weights `[O, C / groups, kh, kw]`.
///
/// @param n images
/// @param c channels
/// @param h rows of the maps
/// @param w columns of the maps
/// @param o filters
/// @param oh rows of the result
/// @param ow columns of the result
record ConvShape(Sliding sliding, long n, long c, long h, long w, long o, long oh, long ow, long kh, long kw) {
    /// Of maps and weights.
    static ConvShape ofMaps(Sliding s, long[] x, long[] weights) {
        var kh = weights[2];
        var kw = weights[3];
        return new ConvShape(s, x[0], x[3], x[1], x[2], weights[0], s.rows(x[1], kh), s.columns(x[2], kw), kh, kw);
    }

    /// Of a result and weights.
    ///
    /// @param rest rows and columns of the maps that the last place of the window does not reach
    static ConvShape ofResult(Sliding s, long[] y, long[] weights, long[] rest) {
        var kh = weights[2];
        var kw = weights[3];
        var h = s.rowsUnder(y[1], kh, rest[0]);
        var w = s.columnsUnder(y[2], kw, rest[1]);
        return new ConvShape(s, y[0], weights[1] * s.groups(), h, w, weights[0], y[1], y[2], kh, kw);
    }

    /// Of maps and a result.
    ///
    /// @param kernel rows and columns of the window
    static ConvShape ofBoth(Sliding s, long[] x, long[] y, long[] kernel) {
        return new ConvShape(s, x[0], x[3], x[1], x[2], y[3], y[1], y[2], kernel[0], kernel[1]);
    }

    /// What cuDNN is asked for.
    CudnnConvolution compute(Direction direction) {
        return new CudnnConvolution(
                direction,
                List.of(n, c, h, w),
                List.of(o, channels(), kh, kw),
                List.of(n, o, oh, ow),
                List.of(sliding.strideH(), sliding.strideW()),
                List.of(sliding.top(), sliding.left()),
                List.of(sliding.bottom(), sliding.right()),
                List.of(sliding.dilationH(), sliding.dilationW()));
    }

    /// Channels that a filter reads.
    long channels() {
        return c / sliding.groups();
    }

    /// Places of a filter.
    long places() {
        return kh * kw;
    }

    long weights() {
        return o * channels() * places();
    }

    long results() {
        return n * oh * ow * o;
    }

    /// Whether weights lie as cuDNN reads them, `[O, kh, kw, C / groups]`, without being moved.
    boolean isArranged() {
        return isArranged(channels(), places());
    }

    /// The same of weights `[O, C / groups, kh, kw]`.
    static boolean isArranged(long[] weights) {
        return isArranged(weights[1], weights[2] * weights[3]);
    }

    private static boolean isArranged(long channels, long places) {
        return channels == 1 || places == 1;
    }
}
