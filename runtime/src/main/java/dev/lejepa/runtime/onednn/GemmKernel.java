package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;

/// `Gemm`: `op(A) op(B) + C` of matrices, `C` a row or absent. Pieces of the result's rows are computed on their own.
final class GemmKernel implements Kernel {
    /// Rows or columns of a piece, at least: below, its product does not fill vectors and registers.
    private static final int LEAST = 64;

    /// The product: `[m, k] [k, n]`.
    private record Sizes(long m, long k, long n) {
        /// Which side of the result is cut. A wide result is cut by columns, so that a gradient of weights, short sums
        /// of very many rows, falls into pieces as well.
        boolean cutColumns() {
            return n > m;
        }

        Pieces cut(int threads) {
            return Pieces.of(Math.max(m, n), LEAST, threads);
        }
    }

    private final OneDnn library;
    private final int threads;
    private final DType in;
    private final DType out;
    private final boolean transA;
    private final boolean transB;
    private final List<Execution> pieces = new ArrayList<>();
    private Sizes sizes = new Sizes(0, 0, 0);

    /// @param in element type of `A` and `B`
    /// @param out element type of the result
    GemmKernel(OneDnn library, int threads, DType in, DType out, Attributes attributes) {
        this.library = library;
        this.threads = threads;
        this.in = in;
        this.out = out;
        this.transA = attributes.flag("transA");
        this.transB = attributes.flag("transB");
    }

    @Override
    public void compute(KernelCall call) {
        var a = call.shape(0);
        var b = call.shape(1);
        var now = new Sizes(transA ? a[1] : a[0], transA ? a[0] : a[1], transB ? b[0] : b[1]);
        var bias = call.has(2);
        if (!now.equals(sizes)) {
            prepare(now, bias);
            sizes = now;
        }
        var from = call.input(0);
        var weights = call.input(1);
        var row = bias ? call.input(2) : 0;
        var to = call.output(0, now.m, now.n);
        var cut = now.cut(threads);
        call.parallel(cut.count(), i -> {
            library.useThisThreadOnly();
            var start = cut.start(i);
            var i0 = now.cutColumns() ? 0 : start;
            var j0 = now.cutColumns() ? start : 0;
            var x = from + i0 * (transA ? 1 : now.k) * in.bytes();
            var w = weights + j0 * (transB ? now.k : 1) * in.bytes();
            var y = to + (i0 * now.n + j0) * out.bytes();
            if (bias) {
                pieces.get(i).run(x, w, y, row + j0 * Float.BYTES);
            } else {
                pieces.get(i).run(x, w, y);
            }
        });
    }

    private void prepare(Sizes s, boolean bias) {
        close();
        var primitives = new Primitives(library);
        var cut = s.cut(threads);
        for (var i = 0; i < cut.count(); i++) {
            var m = s.cutColumns() ? s.m : cut.length(i);
            var n = s.cutColumns() ? cut.length(i) : s.n;
            var a = transA ? OneDnn.matrix(in, m, s.k, 1, s.m) : OneDnn.matrix(in, m, s.k, s.k, 1);
            var b = transB ? OneDnn.matrix(in, s.k, n, 1, s.k) : OneDnn.matrix(in, s.k, n, s.n, 1);
            var y = OneDnn.matrix(out, m, n, s.n, 1);
            pieces.add(
                    bias
                            ? primitives.productPlusRow(a, b, y, OneDnn.matrix(1, n, n, 1))
                            : primitives.product(a, b, y, 1));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
