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
            var buffers = found != null && found.rows() == columns.rows() ? found : new Buffers(columns.rows());
            buffers.unsort(columns, columns.tile(number), sorted, permutation, x);
            idle.addFirst(buffers);
        });
    }

    @Override
    public void close() {
        idle.clear();
    }

    private static final class Buffers {
        /// A value's bits and above them its row.
        private final long[][] moves;

        private final float[][] columns;

        Buffers(int rows) {
            this.moves = new long[Columns.WIDTH][rows + Columns.STAGGER];
            this.columns = new float[Columns.WIDTH][rows + Columns.STAGGER];
        }

        int rows() {
            return moves[0].length - Columns.STAGGER;
        }

        void unsort(Columns all, Columns.Tile tile, MemorySegment sorted, MemorySegment permutation, MemorySegment x) {
            for (var i = 0; i < rows(); i++) {
                var at = all.at(tile, i);
                for (var c = 0; c < tile.width(); c++) {
                    var bits = Float.floatToRawIntBits(sorted.getAtIndex(JAVA_FLOAT, at + c));
                    moves[c][i] = permutation.getAtIndex(JAVA_LONG, at + c) << 32 | bits & 0xffff_ffffL;
                }
            }
            for (var c = 0; c < tile.width(); c++) {
                move(moves[c], columns[c], rows());
            }
            for (var i = 0; i < rows(); i++) {
                var at = all.at(tile, i);
                for (var c = 0; c < tile.width(); c++) {
                    x.setAtIndex(JAVA_FLOAT, at + c, columns[c][i]);
                }
            }
        }

        private static void move(long[] moves, float[] column, int rows) {
            for (var i = 0; i < rows; i++) {
                column[(int) (moves[i] >>> 32)] = Float.intBitsToFloat((int) moves[i]);
            }
        }
    }
}
