package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Convolutions of few places with large weights as products of matrices, [UnfoldedMaps] and weights `[O, C kh kw]`,
/// which are read and written where they lie.
///
/// The library brings weights into an order of its own first, which at 512 filters of 512 x 3 x 3 moves as much memory
/// as the places of 64 maps of 2 x 2 take to compute; their maps unfolded are half as large as the weights.
final class WindowProducts {
    private final OneDnn library;
    private final Products products;
    private final Map<ConvShape, UnfoldedMaps> byShape = new ConcurrentHashMap<>();

    WindowProducts(OneDnn library, Products products) {
        this.library = library;
        this.products = products;
    }

    /// Whether unfolded maps are no larger than the weights.
    static boolean fits(ConvShape s) {
        return s.sliding().groups() == 1 && s.places() <= s.o();
    }

    /// The result of type `out`, plus a bias unless its address is 0.
    void convolve(KernelCall call, ConvShape s, DType out, long maps, long weights, long result, long bias) {
        var unfolded = unfolded(s);
        var x = Matrix.of(s.type(), s.places(), unfolded.width());
        var rows = unfold(call, s, unfolded, maps);
        var y = Matrix.of(out, s.places(), s.o());
        products.compute(call, x, weights(s, s.type()).transposed(), y, rows, weights, result, bias);
    }

    /// The gradient of the maps, of type `out`. What several places add to an element is added up in float32.
    void dataGradient(KernelCall call, ConvShape s, DType out, long gradient, long weights, long maps) {
        var unfolded = unfolded(s);
        var dy = Matrix.of(s.type(), s.places(), s.o());
        var dx = Matrix.of(DType.FLOAT32, s.places(), unfolded.width());
        var rows = library.nodeMemory().ofThisThread(unfolded.size() * Float.BYTES);
        products.compute(call, dy, weights(s, s.type()), dx, gradient, weights, rows, 0);
        unfolded.fold(call, rows, out, maps);
    }

    /// The float32 gradient of the weights.
    void weightsGradient(KernelCall call, ConvShape s, long gradient, long maps, long weights) {
        var unfolded = unfolded(s);
        var dy = Matrix.of(s.type(), s.places(), s.o()).transposed();
        var x = Matrix.of(s.type(), s.places(), unfolded.width());
        var rows = unfold(call, s, unfolded, maps);
        products.compute(call, dy, x, weights(s, DType.FLOAT32), gradient, rows, weights, 0);
    }

    /// Made once: the table of places has as many numbers as the unfolded maps of an image.
    private UnfoldedMaps unfolded(ConvShape s) {
        return byShape.computeIfAbsent(s, UnfoldedMaps::new);
    }

    private long unfold(KernelCall call, ConvShape s, UnfoldedMaps unfolded, long maps) {
        var rows = library.nodeMemory().ofThisThread(unfolded.size() * s.type().bytes());
        unfolded.unfold(call, maps, rows);
        return rows;
    }

    private static Matrix weights(ConvShape s, DType type) {
        return Matrix.of(type, s.o(), s.c() * s.kh() * s.kw());
    }
}
