package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Sliding;
import org.bytedeco.dnnl.memory;

/// The sizes of a convolution of maps `[N, H, W, C]` with weights `[O, C / groups, kh, kw]`.
///
/// @param type element type of maps and weights
/// @param n images
/// @param c channels
/// @param h rows of the maps
/// @param w columns of the maps
/// @param o filters
/// @param oh rows of the result
/// @param ow columns of the result
record ConvShape(
        DType type, Sliding sliding, long n, long c, long h, long w, long o, long oh, long ow, long kh, long kw) {
    /// Of maps and weights.
    static ConvShape ofMaps(DType type, Sliding s, long[] x, long[] weights) {
        var kh = weights[2];
        var kw = weights[3];
        return new ConvShape(
                type, s, x[0], x[3], x[1], x[2], weights[0], s.rows(x[1], kh), s.columns(x[2], kw), kh, kw);
    }

    /// Of a result and weights.
    ///
    /// @param rest rows and columns of the maps that the last place of the window does not reach
    static ConvShape ofResult(DType type, Sliding s, long[] y, long[] weights, long[] rest) {
        var kh = weights[2];
        var kw = weights[3];
        var h = s.rowsUnder(y[1], kh, rest[0]);
        var w = s.columnsUnder(y[2], kw, rest[1]);
        return new ConvShape(type, s, y[0], weights[1] * s.groups(), h, w, weights[0], y[1], y[2], kh, kw);
    }

    /// The same for another number of images.
    ConvShape of(long images) {
        return new ConvShape(type, sliding, images, c, h, w, o, oh, ow, kh, kw);
    }

    /// The same for another element type.
    ConvShape on(DType element) {
        return new ConvShape(element, sliding, n, c, h, w, o, oh, ow, kh, kw);
    }

    /// The same for some of the filters, which must be of one group.
    ConvShape ofFilters(long filters) {
        return new ConvShape(type, sliding, n, c, h, w, filters, oh, ow, kh, kw);
    }

    boolean isDepthwise() {
        return sliding.groups() > 1 && sliding.groups() == c && o == c;
    }

    /// Whether each place of the result is a product of the weights and the channels of one place.
    boolean isPointwise() {
        var w = sliding;
        return w.groups() == 1
                && kh == 1
                && kw == 1
                && w.top() == 0
                && w.left() == 0
                && w.bottom() == 0
                && w.right() == 0;
    }

    /// Rows and columns between two of the window, which oneDNN calls its dilation.
    long[] skipped() {
        return new long[] {sliding.dilationH() - 1, sliding.dilationW() - 1};
    }

    /// Places of the result, those of all images.
    long places() {
        return n * oh * ow;
    }

    /// Elements of an image's maps.
    long mapSize() {
        return h * w * c;
    }

    /// Elements of an image's result.
    long resultSize() {
        return oh * ow * o;
    }

    long weightsSize() {
        return o * (c / sliding.groups()) * kh * kw;
    }

    memory.desc maps(DType element) {
        return OneDnn.maps(element, n, c, h, w);
    }

    memory.desc result(DType element) {
        return OneDnn.maps(element, n, o, oh, ow);
    }

    /// The weights as they come.
    memory.desc weights(DType element) {
        var dims = weightDims();
        return OneDnn.layout(element, dims, rowMajor(dims));
    }

    /// The weights as the primitive likes them best.
    memory.desc anyWeights(DType element) {
        return new memory.desc(weightDims(), OneDnn.number(element), memory.format_tag.any);
    }

    /// `[O, C, kh, kw]`, in groups `[groups, O / groups, C / groups, kh, kw]`.
    long[] weightDims() {
        var g = sliding.groups();
        return g == 1 ? new long[] {o, c, kh, kw} : new long[] {g, o / g, c / g, kh, kw};
    }

    private static long[] rowMajor(long[] dims) {
        var strides = new long[dims.length];
        var step = 1L;
        for (var i = dims.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= dims[i];
        }
        return strides;
    }
}
