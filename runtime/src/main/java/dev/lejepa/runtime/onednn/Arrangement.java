package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/// The step from weights as they come to weights as a primitive reads them, in pieces of whole filters.
final class Arrangement implements AutoCloseable {
    /// Elements of a piece, at least.
    private static final long LEAST = 1 << 15;

    private static final int MOST = 16;

    private final OneDnn library;
    private final List<Execution> pieces = new ArrayList<>();

    private Arrangement(OneDnn library) {
        this.library = library;
    }

    /// @param type element type of the weights as they come
    /// @param wanted belongs to the arrangement from now on
    static Arrangement of(OneDnn library, ConvShape s, DType type, memory.desc wanted) {
        var made = new Arrangement(library);
        var primitives = new Primitives(library);
        var from = s.weights(type);
        var dims = s.weightDims();
        var block = filtersOfBlock(wanted);
        var blocks = Math.ceilDiv(s.o(), block);
        var enough = Math.min(MOST, s.weightsSize() / LEAST);
        if (s.sliding().groups() > 1 || enough < 2) {
            made.pieces.add(primitives.reorder(from, wanted));
            return made;
        }
        var cut = Pieces.of(blocks, 1, (int) enough);
        for (var i = 0; i < cut.count(); i++) {
            var start = new long[] {cut.start(i) * block, 0, 0, 0};
            var length = dims.clone();
            length[0] = Math.min(s.o(), cut.start(i + 1) * block) - start[0];
            made.pieces.add(
                    primitives.reorder(from.submemory_desc(length, start), wanted.submemory_desc(length, start)));
        }
        from.close();
        wanted.close();
        return made;
    }

    /// How many filters lie inside one block of a layout.
    private static long filtersOfBlock(memory.desc layout) {
        var count = layout.get_inner_nblks();
        if (count == 0) {
            return 1;
        }
        try (var lengths = layout.get_inner_blks();
                var axes = layout.get_inner_idxs()) {
            var filters = 1L;
            for (var i = 0; i < count; i++) {
                filters *= axes.get(i) == 0 ? lengths.get(i) : 1;
            }
            return filters;
        }
    }

    /// Fills `to` from `from`.
    void run(KernelCall call, long from, long to) {
        call.parallel(pieces.size(), i -> {
            library.useThisThreadOnly();
            pieces.get(i).run(from, to);
        });
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
    }
}
