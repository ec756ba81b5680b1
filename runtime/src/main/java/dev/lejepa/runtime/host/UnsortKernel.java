package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// `Unsort`: every value of a column back to the row that it was sorted from. Columns of a tile are put in order one by
/// one in memory of their own, where a column fits into the cache; the tensors are read and written row by row.
final class UnsortKernel implements Kernel {
    private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var columns = Columns.of(dims);
        var sorted = columns.elements(call.input(0), Float.BYTES);
        var permutation = columns.elements(call.input(1), Long.BYTES);
        var x = columns.elements(call.output(0, dims), Float.BYTES);
        call.parallel(columns.tiles(), number -> {
            var found = idle.pollFirst();
            var buffers = found != null && found.fits(columns) ? found : new Buffers(columns);
            buffers.unsort(columns, columns.tile(number), sorted, permutation, x);
            idle.addFirst(buffers);
        });
    }

    @Override
    public void close() {
        idle.clear();
    }

    private static final class Buffers {
        private final float[][] columns;
        private final float[] values = new float[Columns.STRIP * Columns.WIDTH];
        private final long[] places = new long[Columns.STRIP * Columns.WIDTH];
        private final int rows;

        Buffers(Columns all) {
            this.rows = all.rows();
            this.columns = new float[all.widest()][rows + Columns.STAGGER];
        }

        boolean fits(Columns all) {
            return rows == all.rows() && columns.length == all.widest();
        }

        void unsort(Columns all, Columns.Tile tile, MemorySegment sorted, MemorySegment permutation, MemorySegment x) {
            for (var row = 0; row < rows; row += Columns.STRIP) {
                var height = Math.min(Columns.STRIP, rows - row);
                for (var r = 0; r < height; r++) {
                    var at = all.at(tile, row + r);
                    var to = r * Columns.WIDTH;
                    MemorySegment.copy(sorted, JAVA_FLOAT, at * Float.BYTES, values, to, tile.width());
                    MemorySegment.copy(permutation, JAVA_LONG, at * Long.BYTES, places, to, tile.width());
                }
                for (var c = 0; c < tile.width(); c++) {
                    move(values, places, c, height, columns[c]);
                }
            }
            for (var row = 0; row < rows; row += Columns.STRIP) {
                var height = Math.min(Columns.STRIP, rows - row);
                for (var c = 0; c < tile.width(); c++) {
                    spread(columns[c], row, height, values, c);
                }
                for (var r = 0; r < height; r++) {
                    var at = all.at(tile, row + r);
                    MemorySegment.copy(values, r * Columns.WIDTH, x, JAVA_FLOAT, at * Float.BYTES, tile.width());
                }
            }
        }

        private static void move(float[] values, long[] places, int c, int height, float[] column) {
            for (var r = 0; r < height; r++) {
                column[(int) places[r * Columns.WIDTH + c]] = values[r * Columns.WIDTH + c];
            }
        }

        private static void spread(float[] column, int row, int height, float[] values, int c) {
            for (var r = 0; r < height; r++) {
                values[r * Columns.WIDTH + c] = column[row + r];
            }
        }
    }
}
