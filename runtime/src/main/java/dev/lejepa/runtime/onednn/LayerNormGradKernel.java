package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// `LayerNormGrad`: one pass over pieces of rows; each piece's sums for scale and bias are added up at the end, in
/// order.
final class LayerNormGradKernel implements Kernel {
    /// Rows of a piece, at least.
    private static final int LEAST = 64;

    /// Pieces, at most: enough for many threads. Not as many as there are threads, on which sums would then depend.
    private static final int MOST = 64;

    private final OneDnn library;
    private final List<Piece> pieces = new ArrayList<>();
    private long rows;
    private long columns;

    LayerNormGradKernel(OneDnn library) {
        this.library = library;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var c = dims[dims.length - 1];
        var r = 1L;
        for (var i = 0; i < dims.length - 1; i++) {
            r *= dims[i];
        }
        var cut = Pieces.of(r, LEAST, MOST);
        if (r != rows || c != columns) {
            prepare(r, c, cut);
        }
        var dy = call.input(0);
        var x = call.input(1);
        var scale = call.input(2);
        var mean = OneDnn.segment(call.input(3), r);
        var inverse = OneDnn.segment(call.input(4), r);
        var dx = call.output(0, dims);
        var dScale = OneDnn.segment(call.output(1, c), c);
        var dBias = OneDnn.segment(call.output(2, c), c);
        call.parallel(cut.count(), i -> {
            var start = cut.start(i);
            var at = start * c * Float.BYTES;
            pieces.get(i).compute(dy + at, x + at, scale, mean, inverse, start, dx + at);
        });
        for (var j = 0L; j < c; j++) {
            var s = 0f;
            var b = 0f;
            for (var piece : pieces) {
                s += piece.dScale.getAtIndex(ValueLayout.JAVA_FLOAT, j);
                b += piece.dBias.getAtIndex(ValueLayout.JAVA_FLOAT, j);
            }
            dScale.setAtIndex(ValueLayout.JAVA_FLOAT, j, s);
            dBias.setAtIndex(ValueLayout.JAVA_FLOAT, j, b);
        }
    }

    private void prepare(long r, long c, Pieces cut) {
        close();
        rows = r;
        columns = c;
        for (var i = 0; i < cut.count(); i++) {
            pieces.add(new Piece(library, cut.length(i), c));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Piece::close);
        pieces.clear();
    }

    private static final class Piece {
        private final OneDnn library;
        private final long rows;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment variance;
        private final MemorySegment dScale;
        private final MemorySegment dBias;
        private final Execution execution;

        Piece(OneDnn library, long rows, long columns) {
            this.library = library;
            this.rows = rows;
            this.variance = OneDnn.floats(arena, rows);
            this.dScale = OneDnn.floats(arena, columns);
            this.dBias = OneDnn.floats(arena, columns);
            this.execution = new Primitives(library).layerNormGradient(rows, columns);
        }

        void compute(long dy, long x, long scale, MemorySegment mean, MemorySegment inverse, long start, long dx) {
            library.useThisThreadOnly();
            for (var i = 0L; i < rows; i++) {
                var inv = inverse.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
                variance.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1 / (inv * inv));
            }
            execution.run(
                    dy,
                    x,
                    scale,
                    mean.address() + start * Float.BYTES,
                    variance.address(),
                    dx,
                    dScale.address(),
                    dBias.address());
        }

        void close() {
            execution.close();
            arena.close();
        }
    }
}
