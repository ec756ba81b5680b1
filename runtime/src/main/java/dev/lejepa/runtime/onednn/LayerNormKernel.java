package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// `LayerNorm` with a bfloat16 result: rows are normalized and rounded in one pass.
final class LayerNormKernel implements Kernel {
    /// Rows of a piece, at least.
    private static final int LEAST = 16;

    private final OneDnn library;
    private final int threads;
    private final double epsilon;
    private final List<Piece> pieces = new ArrayList<>();
    private long rows;
    private long columns;

    LayerNormKernel(OneDnn library, int threads, Attributes attributes) {
        this.library = library;
        this.threads = threads;
        this.epsilon = attributes.real("epsilon");
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var c = dims[dims.length - 1];
        var r = 1L;
        for (var i = 0; i < dims.length - 1; i++) {
            r *= dims[i];
        }
        var cut = Pieces.of(r, LEAST, threads);
        if (r != rows || c != columns) {
            prepare(r, c, cut);
        }
        var x = call.input(0);
        var scale = call.input(1);
        var bias = call.input(2);
        var statistics = dims.clone();
        statistics[dims.length - 1] = 1;
        var y = call.output(0, dims);
        var mean = call.output(1, statistics);
        var inverse = OneDnn.segment(call.output(2, statistics), r);
        call.parallel(cut.count(), i -> {
            var start = cut.start(i);
            var from = x + start * c * Float.BYTES;
            var to = y + start * c * DType.BFLOAT16.bytes();
            pieces.get(i).compute(from, scale, bias, to, mean + start * Float.BYTES, inverse, start);
        });
    }

    private void prepare(long r, long c, Pieces cut) {
        close();
        rows = r;
        columns = c;
        for (var i = 0; i < cut.count(); i++) {
            pieces.add(new Piece(library, cut.length(i), c, epsilon));
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
        private final double epsilon;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment variance;
        private final Execution execution;

        Piece(OneDnn library, long rows, long columns, double epsilon) {
            this.library = library;
            this.rows = rows;
            this.epsilon = epsilon;
            this.variance = OneDnn.floats(arena, rows);
            this.execution = new Primitives(library).layerNorm(rows, columns, epsilon, DType.BFLOAT16);
        }

        void compute(long x, long scale, long bias, long y, long mean, MemorySegment inverse, long start) {
            library.useThisThreadOnly();
            execution.run(x, scale, bias, y, mean, variance.address());
            for (var i = 0L; i < rows; i++) {
                var v = variance.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                inverse.setAtIndex(ValueLayout.JAVA_FLOAT, start + i, (float) (1 / Math.sqrt(v + epsilon)));
            }
        }

        void close() {
            execution.close();
            arena.close();
        }
    }
}
