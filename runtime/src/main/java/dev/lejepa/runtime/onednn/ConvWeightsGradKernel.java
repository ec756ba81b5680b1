package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.host.DepthwiseWeights;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Sliding;
import org.jspecify.annotations.Nullable;

/// `ConvWeightsGrad` of maps `[N, H, W, C]`. Small weights are summed over pieces of images, whose sums are added up at
/// the end, in order; large ones, of which several copies would be slow, are cut into pieces of filters. Those of 1 x 1
/// with many channels, and those of few places, are products of matrices.
final class ConvWeightsGradKernel implements Kernel {
    /// Pieces of images, at least, where there are as many images.
    private static final int IMAGES = 8;

    /// Pieces of filters, at least, where there are as many filters.
    private static final int FILTERS = 4;

    /// Filters that primitives compute together.
    private static final long BLOCK = 64;

    private final DType type;
    private final Sliding sliding;
    private final long[] kernel;
    private final OneDnn library;
    private final SharedWorkspaces<Key, ConvWeightsPiece> workspaces;
    private final Pointwise pointwise;
    private final WindowProducts windows;
    private final DepthwiseWeights depthwise = new DepthwiseWeights();
    private @Nullable Key asked;
    private boolean depthwiseCode;

    /// What primitive computes a piece.
    ///
    /// @param shape of the piece
    /// @param filters of the whole convolution
    record Key(ConvShape shape, long filters) {}

    ConvWeightsGradKernel(
            OneDnn library,
            SharedWorkspaces<Key, ConvWeightsPiece> workspaces,
            Pointwise pointwise,
            WindowProducts windows,
            DType type,
            Attributes attributes) {
        this.library = library;
        this.workspaces = workspaces;
        this.pointwise = pointwise;
        this.windows = windows;
        this.type = type;
        this.sliding = Sliding.ofConvolution(attributes);
        this.kernel = attributes.integers("kernel_shape");
    }

    @Override
    public void compute(KernelCall call) {
        var filters = call.shape(0)[3];
        var maps = call.shape(1);
        var weights = new long[] {filters, maps[3] / sliding.groups(), kernel[0], kernel[1]};
        var s = ConvShape.ofMaps(type, sliding, maps, weights);
        var dw = call.output(0, weights);
        var cut = EqualPieces.of(s.n(), IMAGES);
        var key = new Key(s.of(cut.length()), filters);
        if (s.isDepthwise() && !hasDepthwiseCode(key)) {
            var sizes = depthwise(s.of(cut.length()));
            byImages(call, s, cut, dw, (dy, x, sum) -> depthwise.compute(sizes, dy, x, sum));
        } else if (Pointwise.hasFastWeightsGradient(s)) {
            pointwise.weightsGradient(call, s, call.input(0), call.input(1), dw);
        } else if (!s.isPointwise() && WindowProducts.fits(s)) {
            windows.weightsGradient(call, s, call.input(0), call.input(1), dw);
        } else if (sliding.groups() == 1
                && filters % BLOCK == 0
                && filters > BLOCK
                && s.weightsSize() * IMAGES > s.n() * s.resultSize()) {
            byFilters(call, s, dw);
        } else {
            byImages(call, s, cut, dw, (dy, x, sum) -> workspaces.use(key, piece -> piece.compute(dy, x, sum)));
        }
    }

    /// The library has code for depthwise weights of 3 x 3, several times as fast as ours; for others, and for maps that
    /// are smaller than the window, it takes up to a hundred times as long.
    private boolean hasDepthwiseCode(Key key) {
        if (!key.equals(asked)) {
            asked = key;
            workspaces.use(key, piece -> depthwiseCode = piece.isDepthwiseCode());
        }
        return depthwiseCode;
    }

    private static DepthwiseWeights.Sizes depthwise(ConvShape s) {
        var w = s.sliding();
        return new DepthwiseWeights.Sizes(
                s.type(),
                (int) s.n(),
                (int) s.c(),
                axis(s.h(), s.oh(), s.kh(), w.strideH(), w.top(), w.dilationH()),
                axis(s.w(), s.ow(), s.kw(), w.strideW(), w.left(), w.dilationW()));
    }

    private static DepthwiseWeights.Axis axis(
            long size, long places, long kernel, long stride, long before, long dilation) {
        return new DepthwiseWeights.Axis(
                (int) size, (int) places, (int) kernel, (int) stride, (int) before, (int) dilation);
    }

    private void byFilters(KernelCall call, ConvShape s, long dw) {
        var cut = EqualPieces.of(s.o() / BLOCK, FILTERS);
        var length = cut.length() * BLOCK;
        var key = new Key(s.ofFilters(length), s.o());
        var dy = call.input(0);
        var x = call.input(1);
        var sumBytes = length * s.c() * s.kh() * s.kw() * Float.BYTES;
        call.parallel(
                cut.count(),
                i -> workspaces.use(key, piece -> piece.compute(dy + i * length * type.bytes(), x, dw + i * sumBytes)));
    }

    /// What sums over some images.
    @FunctionalInterface
    private interface Sum {
        void compute(long dy, long x, long sum);
    }

    private void byImages(KernelCall call, ConvShape s, EqualPieces cut, long dw, Sum sum) {
        var size = s.weightsSize();
        var partial = cut.count() == 1 ? dw : library.nodeMemory().ofThisThread(cut.count() * size * Float.BYTES);
        var dy = call.input(0);
        var x = call.input(1);
        var dyBytes = cut.length() * s.resultSize() * type.bytes();
        var xBytes = cut.length() * s.mapSize() * type.bytes();
        call.parallel(
                cut.count(), i -> sum.compute(dy + i * dyBytes, x + i * xBytes, partial + i * size * Float.BYTES));
        if (cut.count() > 1) {
            PartialSums.add(call, partial, cut.count(), size, dw);
        }
    }

    @Override
    public void close() {} // workspaces belong to the library
}
