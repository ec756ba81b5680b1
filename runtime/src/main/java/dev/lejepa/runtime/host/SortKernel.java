package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// `Sort`: columns in ascending order, and the permutation, by radix sort: four passes whatever the number of rows.
/// ONNX Runtime's `TopK` compares, with a stride of a whole row.
final class SortKernel implements Kernel {
    private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var columns = Columns.of(dims);
        var x = columns.elements(call.input(0), Float.BYTES);
        var sorted = columns.elements(call.output(0, dims), Float.BYTES);
        var permutation = columns.elements(call.output(1, dims), Long.BYTES);
        call.parallel(columns.tiles(), number -> {
            var buffers = buffers(columns.rows());
            buffers.sort(columns, columns.tile(number), x, sorted, permutation);
            idle.addFirst(buffers);
        });
    }

    private Buffers buffers(int rows) {
        var found = idle.pollFirst();
        return found != null && found.rows() == rows ? found : new Buffers(rows);
    }

    @Override
    public void close() {
        idle.clear();
    }

    /// What one thread needs: a tile's columns, one after the other, and as much as one of them again.
    private static final class Buffers {
        private final long[][] keys;
        private final RadixSort order;

        Buffers(int rows) {
            this.keys = new long[Columns.WIDTH][rows + Columns.STAGGER];
            this.order = new RadixSort(rows);
        }

        int rows() {
            return keys[0].length - Columns.STAGGER;
        }

        void sort(
                Columns columns, Columns.Tile tile, MemorySegment x, MemorySegment sorted, MemorySegment permutation) {
            var rows = columns.rows();
            for (var i = 0; i < rows; i++) {
                var at = columns.at(tile, i);
                for (var c = 0; c < tile.width(); c++) {
                    keys[c][i] = RadixSort.key(x.getAtIndex(JAVA_FLOAT, at + c), i);
                }
            }
            for (var c = 0; c < tile.width(); c++) {
                order.sort(keys[c]);
            }
            for (var i = 0; i < rows; i++) {
                var at = columns.at(tile, i);
                for (var c = 0; c < tile.width(); c++) {
                    sorted.setAtIndex(JAVA_FLOAT, at + c, RadixSort.value(keys[c][i]));
                    permutation.setAtIndex(JAVA_LONG, at + c, RadixSort.index(keys[c][i]));
                }
            }
        }
    }
}
