package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.KernelCall;

/// Convolutions of maps `[N, H, W, C]` with a window of 1 x 1 as products of matrices, places `[N OH OW, C]` and weights
/// `[O, C]`, which are read and written where they lie.
final class Pointwise {
    /// Pieces of the weights' gradient for which no copies of it are added up.
    private static final int ENOUGH = 4;

    /// Channels from which on the gradient of weights is faster as a product, which first brings the gradient of the
    /// result into another order: at 64 maps of 4 x 4, 112 channels and 672 filters it takes half the library's time for
    /// a convolution, at 64 channels and 256 filters a tenth more, at 16 and 96 twice as much.
    private static final long CHANNELS = 80;

    private final OneDnn library;
    private final Products products;

    Pointwise(OneDnn library, Products products) {
        this.library = library;
        this.products = products;
    }

    /// The result of type `out`, plus a bias unless its address is 0.
    void convolve(KernelCall call, ConvShape s, DType out, long maps, long weights, long result, long bias) {
        var x = Matrix.of(s.type(), s.places(), s.c());
        var w = Matrix.of(s.type(), s.o(), s.c());
        var y = Matrix.of(out, s.places(), s.o());
        var places = new Places(s, x.row(1));
        var from = maps;
        if (!places.all()) {
            from = library.nodeMemory().ofThisThread(places.size());
            places.gather(call, maps, from);
        }
        products.compute(call, x, w.transposed(), y, from, weights, result, bias);
    }

    /// The gradient of the maps, of type `out`.
    void dataGradient(KernelCall call, ConvShape s, DType out, long gradient, long weights, long maps) {
        var dy = Matrix.of(s.type(), s.places(), s.o());
        var w = Matrix.of(s.type(), s.o(), s.c());
        var dx = Matrix.of(out, s.places(), s.c());
        var places = new Places(s, dx.row(1));
        var to = places.all() ? maps : library.nodeMemory().ofThisThread(places.size());
        products.compute(call, dy, w, dx, gradient, weights, to, 0);
        if (!places.all()) {
            places.scatter(call, to, maps);
        }
    }

    static boolean hasFastWeightsGradient(ConvShape s) {
        return s.isPointwise() && s.c() >= CHANNELS;
    }

    /// The float32 gradient of the weights: in pieces of their longer side, or of places where that is short.
    void weightsGradient(KernelCall call, ConvShape s, long gradient, long maps, long weights) {
        var dy = Matrix.of(s.type(), s.places(), s.o()).transposed();
        var x = Matrix.of(s.type(), s.places(), s.c());
        var dw = Matrix.of(DType.FLOAT32, s.o(), s.c());
        var places = new Places(s, x.row(1));
        var enough = Products.cut(Math.max(s.o(), s.c())).count() >= ENOUGH;
        var cut = Products.cut(s.places());
        var parts = enough || cut.count() == 1 ? 0 : cut.count() * s.weightsSize() * Float.BYTES;
        var memory = library.nodeMemory().ofThisThread(parts + (places.all() ? 0 : places.size()));
        var from = maps;
        if (!places.all()) {
            from = memory + parts;
            places.gather(call, maps, from);
        }
        if (parts == 0) {
            products.compute(call, dy, x, dw, gradient, from, weights, 0);
        } else {
            products.computeParts(call, cut, dy, x, dw, gradient, from, memory);
            PartialSums.add(call, memory, cut.count(), s.weightsSize(), weights);
        }
    }
}
