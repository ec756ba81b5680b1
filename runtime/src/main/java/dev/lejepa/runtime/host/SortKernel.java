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
            var found = idle.pollFirst();
            var buffers = found != null && found.fits(columns) ? found : new Buffers(columns);
            buffers.sort(columns, columns.tile(number), x, sorted, permutation);
            idle.addFirst(buffers);
        });
    }

    @Override
    public void close() {
        idle.clear();
    }

    /// What one thread needs: a tile's columns, one after the other, and as much as one of them again.
    private static final class Buffers {
        private final long[][] keys;
        private final RadixSort order;
        private final float[] values = new float[Columns.STRIP * Columns.WIDTH];
        private final long[] places = new long[Columns.STRIP * Columns.WIDTH];
        private final int rows;

        Buffers(Columns all) {
            this.rows = all.rows();
            this.keys = new long[all.widest()][rows + Columns.STAGGER];
            this.order = new RadixSort(rows);
        }

        boolean fits(Columns all) {
            return rows == all.rows() && keys.length == all.widest();
        }

        void sort(
                Columns columns, Columns.Tile tile, MemorySegment x, MemorySegment sorted, MemorySegment permutation) {
            for (var row = 0; row < rows; row += Columns.STRIP) {
                load(columns, tile, row, Math.min(Columns.STRIP, rows - row), x);
            }
            for (var c = 0; c < tile.width(); c++) {
                order.sort(keys[c]);
            }
            for (var row = 0; row < rows; row += Columns.STRIP) {
                store(columns, tile, row, Math.min(Columns.STRIP, rows - row), sorted, permutation);
            }
        }

        private void load(Columns columns, Columns.Tile tile, int row, int height, MemorySegment x) {
            for (var r = 0; r < height; r++) {
                var at = columns.at(tile, row + r);
                MemorySegment.copy(x, JAVA_FLOAT, at * Float.BYTES, values, r * Columns.WIDTH, tile.width());
            }
            for (var c = 0; c < tile.width(); c++) {
                makeKeys(values, c, height, keys[c], row);
            }
        }

        private void store(
                Columns columns,
                Columns.Tile tile,
                int row,
                int height,
                MemorySegment sorted,
                MemorySegment permutation) {
            for (var c = 0; c < tile.width(); c++) {
                readKeys(keys[c], row, height, values, places, c);
            }
            for (var r = 0; r < height; r++) {
                var at = columns.at(tile, row + r);
                var from = r * Columns.WIDTH;
                MemorySegment.copy(values, from, sorted, JAVA_FLOAT, at * Float.BYTES, tile.width());
                MemorySegment.copy(places, from, permutation, JAVA_LONG, at * Long.BYTES, tile.width());
            }
        }

        private static void makeKeys(float[] values, int c, int height, long[] keys, int row) {
            for (var r = 0; r < height; r++) {
                keys[row + r] = RadixSort.key(values[r * Columns.WIDTH + c], row + r);
            }
        }

        private static void readKeys(long[] keys, int row, int height, float[] values, long[] places, int c) {
            for (var r = 0; r < height; r++) {
                values[r * Columns.WIDTH + c] = RadixSort.value(keys[row + r]);
                places[r * Columns.WIDTH + c] = RadixSort.index(keys[row + r]);
            }
        }
    }
}
