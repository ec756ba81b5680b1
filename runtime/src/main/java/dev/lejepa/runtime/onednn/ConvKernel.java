package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Sliding;
import org.jspecify.annotations.Nullable;

/// `Conv` and `ConvDataGrad` of maps `[N, H, W, C]`: weights are brought into the order that the primitive reads, then
/// pieces of images are computed on their own. Those with a window of 1 x 1, and those of few places, are products
/// of matrices.
final class ConvKernel implements Kernel {
    /// Pieces of images, at least, where there are as many images.
    private static final int LEAST = 8;

    private final OneDnn library;
    private final SharedWorkspaces<ConvPiece.Key, ConvPiece> workspaces;
    private final Pointwise pointwise;
    private final WindowProducts windows;
    private final boolean gradient;
    private final DType in;
    private final DType out;
    private final Sliding sliding;
    private final long[] rest;
    private @Nullable Arrangement arrangement;
    private ConvPiece.@Nullable Key key;
    private long arrangedBytes;

    ConvKernel(
            OneDnn library,
            SharedWorkspaces<ConvPiece.Key, ConvPiece> workspaces,
            Pointwise pointwise,
            WindowProducts windows,
            boolean gradient,
            DType in,
            DType out,
            Attributes attributes) {
        this.library = library;
        this.workspaces = workspaces;
        this.pointwise = pointwise;
        this.windows = windows;
        this.gradient = gradient;
        this.in = in;
        this.out = out;
        this.sliding = Sliding.ofConvolution(attributes);
        this.rest = gradient ? attributes.integers("output_padding") : new long[0];
    }

    @Override
    public void compute(KernelCall call) {
        var operand = call.shape(0);
        var s = gradient
                ? ConvShape.ofResult(in, sliding, operand, call.shape(1), rest)
                : ConvShape.ofMaps(in, sliding, operand, call.shape(1));
        var bias = gradient || !call.has(2) ? 0 : call.input(2);
        var from = call.input(0);
        var to = gradient ? call.output(0, s.n(), s.h(), s.w(), s.c()) : call.output(0, s.n(), s.oh(), s.ow(), s.o());
        var weights = call.input(1);
        if (s.isPointwise() && gradient) {
            pointwise.dataGradient(call, s, out, from, weights, to);
        } else if (s.isPointwise()) {
            pointwise.convolve(call, s, out, from, weights, to, bias);
        } else if (WindowProducts.fits(s) && gradient) {
            windows.dataGradient(call, s, out, from, weights, to);
        } else if (WindowProducts.fits(s)) {
            windows.convolve(call, s, out, from, weights, to, bias);
        } else {
            inPieces(call, s, from, to, bias);
        }
    }

    private void inPieces(KernelCall call, ConvShape s, long from, long to, long bias) {
        var cut = EqualPieces.of(s.n(), LEAST);
        var now = new ConvPiece.Key(kind(bias), inside(s.of(cut.length())), in, out);
        var arranged = library.nodeMemory().ofThisThread(prepare(now));
        arrange(call, call.input(1), arranged);
        var fromBytes = cut.length() * (gradient ? s.resultSize() : s.mapSize()) * in.bytes();
        var toBytes = cut.length() * (gradient ? s.mapSize() : s.resultSize()) * out.bytes();
        call.parallel(
                cut.count(),
                i -> workspaces.use(
                        now, piece -> piece.compute(from + i * fromBytes, arranged, to + i * toBytes, bias)));
    }

    private ConvPiece.Kind kind(long bias) {
        if (gradient) {
            return ConvPiece.Kind.DATA_GRADIENT;
        }
        return bias == 0 ? ConvPiece.Kind.RESULT : ConvPiece.Kind.RESULT_PLUS_BIAS;
    }

    /// The library has no fast code in bfloat16 for the gradient of a depthwise convolution with a stride: at 96
    /// channels of 32 x 32, 3 x 3 weights and 32 images it takes 33 ms on one core, in float32 0.3.
    private ConvShape inside(ConvShape piece) {
        var strided = sliding.strideH() > 1 || sliding.strideW() > 1;
        return gradient && strided && piece.isDepthwise() ? piece.on(DType.FLOAT32) : piece;
    }

    /// @return bytes of the arranged weights
    private long prepare(ConvPiece.Key now) {
        if (!now.equals(key)) {
            close();
            key = now;
            workspaces.use(now, piece -> {
                var wanted = piece.weights();
                arrangedBytes = wanted.get_size();
                arrangement = Arrangement.of(library, now.shape(), in, wanted);
            });
        }
        return arrangedBytes;
    }

    private void arrange(KernelCall call, long weights, long arranged) {
        if (arrangement != null) {
            arrangement.run(call, weights, arranged);
        }
    }

    @Override
    public void close() {
        if (arrangement != null) {
            arrangement.close();
            arrangement = null;
        }
    }
}
