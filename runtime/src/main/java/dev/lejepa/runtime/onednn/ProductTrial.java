package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;

/// A product of matrices of the size that a transformer has, to see what a processor does with an element type.
final class ProductTrial implements AutoCloseable {
    private static final long ROWS = 512;
    private static final long INNER = 384;
    private static final long COLUMNS = 1152;
    private static final int RUNS = 5;

    private final OneDnn library;
    private final Arena arena = Arena.ofShared();
    private final Execution product;
    private final long[] addresses;

    ProductTrial(OneDnn library, DType type) {
        this.library = library;
        var a = OneDnn.matrix(type, ROWS, INNER, INNER, 1);
        var b = OneDnn.matrix(type, INNER, COLUMNS, 1, INNER);
        var y = OneDnn.matrix(ROWS, COLUMNS, COLUMNS, 1);
        this.product = new Primitives(library).product(a, b, y, 1);
        this.addresses = new long[] {
            OneDnn.elements(arena, type, ROWS * INNER).address(),
            OneDnn.elements(arena, type, INNER * COLUMNS).address(),
            OneDnn.floats(arena, ROWS * COLUMNS).address()
        };
    }

    /// Whether the product is not the library's reference loop, which is a hundred times as slow.
    boolean isVectorized() {
        return !product.implementation().startsWith("ref");
    }

    /// The least time of some runs.
    long nanos() {
        library.useThisThreadOnly();
        var least = Long.MAX_VALUE;
        for (var i = 0; i < RUNS; i++) {
            var began = System.nanoTime();
            product.run(addresses);
            least = Math.min(least, System.nanoTime() - began);
        }
        return least;
    }

    @Override
    public void close() {
        product.close();
        arena.close();
    }
}
