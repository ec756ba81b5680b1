package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.dnnl.global.dnnl;

/// A commutative function of two tensors. One has the shape of the result; the other one has it too, or is one row for
/// all rows of the result, or one for those of each item of the first axis.
final class BinaryKernel implements Kernel {
    private static final long LEAST = 1 << 14;

    /// How the tensors lie: `groups` times `[rows, width]` and a row.
    ///
    /// @param swapped whether the second operand is the larger one
    private record Layout(long groups, long rows, long width, boolean equal, boolean swapped) {
        static Layout of(long[] a, long[] b) {
            // of as many elements, the one with more axes has the shape of the result
            var swapped = size(a) < size(b) || size(a) == size(b) && a.length < b.length;
            var larger = swapped ? b : a;
            var smaller = swapped ? a : b;
            var elements = size(larger);
            if (size(smaller) == elements) {
                return new Layout(1, 1, elements, true, swapped);
            }
            // the first axis aside, the smaller one's shape ends with the row
            var perItem = smaller.length == larger.length && smaller[0] == larger[0] && smaller[0] > 1;
            var groups = perItem ? smaller[0] : 1;
            var width = size(smaller) / groups;
            return new Layout(groups, elements / groups / width, width, false, swapped);
        }

        private static long size(long[] dims) {
            return LongStream.of(dims).reduce(1, Math::multiplyExact);
        }

        /// What is cut into pieces: elements, rows of one group, or groups.
        Pieces cut(int threads) {
            if (equal) {
                return Pieces.of(width, LEAST, threads);
            }
            return groups > 1
                    ? Pieces.of(groups, Math.max(1, LEAST / (rows * width)), threads)
                    : Pieces.of(rows, Math.max(1, LEAST / width), threads);
        }
    }

    private final OneDnn library;
    private final int threads;
    private final dnnl.algorithm function;
    private final DType type;
    private final List<Execution> pieces = new ArrayList<>();
    private Layout layout = new Layout(0, 0, 0, false, false);

    BinaryKernel(OneDnn library, int threads, dnnl.algorithm function, DType type) {
        this.library = library;
        this.threads = threads;
        this.function = function;
        this.type = type;
    }

    @Override
    public void compute(KernelCall call) {
        var now = Layout.of(call.shape(0), call.shape(1));
        var cut = now.cut(threads);
        if (!now.equals(layout) || pieces.isEmpty()) {
            prepare(now, cut);
            layout = now;
        }
        var larger = call.input(now.swapped() ? 1 : 0);
        var smaller = call.input(now.swapped() ? 0 : 1);
        var y = call.output(0, call.shape(now.swapped() ? 1 : 0));
        call.parallel(cut.count(), i -> {
            library.useThisThreadOnly();
            run(now, cut, i, larger, smaller, y);
        });
    }

    private void run(Layout l, Pieces cut, int piece, long larger, long smaller, long y) {
        var bytes = type.bytes();
        if (l.groups() > 1) {
            for (var g = cut.start(piece); g < cut.start(piece) + cut.length(piece); g++) {
                var at = g * l.rows() * l.width() * bytes;
                pieces.get(piece).run(larger + at, smaller + g * l.width() * bytes, y + at);
            }
        } else {
            var at = cut.start(piece) * (l.equal() ? 1 : l.width()) * bytes;
            pieces.get(piece).run(larger + at, l.equal() ? smaller + at : smaller, y + at);
        }
    }

    private void prepare(Layout l, Pieces cut) {
        close();
        var primitives = new Primitives(library);
        for (var i = 0; i < cut.count(); i++) {
            var rows = l.equal() ? 1 : l.groups() > 1 ? l.rows() : cut.length(i);
            var width = l.equal() ? cut.length(i) : l.width();
            // one number for a column of numbers takes forty times as long as for a row of them
            var larger =
                    width == 1 ? OneDnn.matrix(type, 1, rows, rows, 1) : OneDnn.matrix(type, rows, width, width, 1);
            pieces.add(primitives.binary(function, larger, OneDnn.matrix(type, 1, width, width, 1)));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
