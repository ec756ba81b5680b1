package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/// A fused formula over columns `[..., N, S]`: tensors are read and written once, a few rows or a part of one at a time,
/// and all between happens in the first-level cache.
///
/// Rows are cut into blocks whose number depends on the shape alone, and sums of blocks are added in their order: so the
/// result is the same for any number of threads.
final class FusedKernel implements Kernel {
    /// Elements that are computed together.
    private static final int LENGTH = 512;

    private static final int MOST_BLOCKS = 64;
    private static final int LEAST_BLOCK = 1 << 14;

    private final Formula formula;
    private final FormulaCode code;
    private final int[] sums;
    private final ConcurrentLinkedDeque<FormulaCode.Memory> idle = new ConcurrentLinkedDeque<>();
    private double[] partial = new double[0];

    FusedKernel(Formula formula) {
        this.formula = formula;
        this.code = FormulaCode.of(formula);
        this.sums = new int[formula.results().size()];
        var count = 0;
        for (var i = 0; i < sums.length; i++) {
            sums[i] = formula.results().get(i).sum().isPresent() ? count++ : -1;
        }
    }

    @Override
    public void compute(KernelCall call) {
        var dims = new long[formula.inputs()][];
        Arrays.setAll(dims, call::shape);
        var all = Spread.common(dims);
        var columns = Columns.of(all);
        var run = new Run(call, dims, all, columns);
        call.parallel(Math.toIntExact(columns.groups() * run.blocks), run::block);
        for (var i = 0; i < sums.length; i++) {
            if (sums[i] >= 0) {
                run.addBlocks(i);
            }
        }
    }

    @Override
    public void close() {
        idle.clear();
    }

    /// One computation.
    private final class Run {
        private final Columns columns;
        private final int rowsOfBlock;
        private final int blocks;
        private final int sumCount;
        private final Spread[] inputs = new Spread[formula.inputs()];
        private final MemorySegment[] outputs = new MemorySegment[sums.length];

        Run(KernelCall call, long[][] dims, long[] all, Columns columns) {
            this.columns = columns;
            var n = columns.rows();
            var s = columns.columns();
            this.rowsOfBlock = Math.max(ceil(n, MOST_BLOCKS), ceil(LEAST_BLOCK, s));
            this.blocks = ceil(n, rowsOfBlock);
            this.sumCount = (int) Arrays.stream(sums).filter(i -> i >= 0).count();
            for (var i = 0; i < inputs.length; i++) {
                inputs[i] = Spread.of(call.input(i), dims[i], all);
            }
            for (var i = 0; i < outputs.length; i++) {
                outputs[i] = output(call, i, all);
            }
            var needed =
                    Math.multiplyExact(Math.toIntExact(columns.groups() * blocks), Math.multiplyExact(sumCount, s));
            if (partial.length < needed) {
                partial = new double[needed];
            }
            Arrays.fill(partial, 0, needed, 0);
        }

        private static int ceil(int a, int b) {
            return (a + b - 1) / b;
        }

        @SuppressWarnings("restricted") // the engine says where a tensor is and how large
        private MemorySegment output(KernelCall call, int i, long[] all) {
            var sum = formula.results().get(i).sum();
            if (sum.isEmpty()) {
                return columns.elements(call.output(i, all), Float.BYTES);
            }
            var dims = sum.get().keepDims() ? all.clone() : new long[all.length - 1];
            if (sum.get().keepDims()) {
                dims[all.length - 2] = 1;
            } else {
                System.arraycopy(all, 0, dims, 0, all.length - 2);
                dims[all.length - 2] = all[all.length - 1];
            }
            var bytes = columns.groups() * columns.columns() * Float.BYTES;
            return MemorySegment.ofAddress(call.output(i, dims)).reinterpret(bytes);
        }

        /// Computes some rows of one group.
        void block(int number) {
            var found = idle.pollFirst();
            var memory = found == null ? code.allocate(LENGTH) : found;
            var s = columns.columns();
            var group = number / blocks;
            var first = number % blocks * rowsOfBlock;
            var last = Math.min(columns.rows(), first + rowsOfBlock);
            var rows = Math.max(1, LENGTH / s);
            for (var row = first; row < last; row += rows) {
                for (var column = 0; column < s; column += LENGTH) {
                    var height = Math.min(rows, last - row);
                    var width = Math.min(LENGTH, s - column);
                    piece(memory, number, new Spread.Piece(group, row, column, height, width));
                }
            }
            idle.addFirst(memory);
        }

        private void piece(FormulaCode.Memory memory, int block, Spread.Piece piece) {
            var arrays = memory.arrays();
            for (var i = 0; i < inputs.length; i++) {
                inputs[i].load(piece, arrays[i]);
            }
            var n = piece.height() * piece.width();
            for (var call : code.calls()) {
                call.run(arrays, memory.functions(), n);
            }
            for (var i = 0; i < outputs.length; i++) {
                var array = arrays[code.results().get(i)];
                if (sums[i] < 0) {
                    var at = ((long) piece.group() * columns.rows() + piece.row()) * columns.columns() + piece.column();
                    MemorySegment.copy(array, 0, outputs[i], JAVA_FLOAT, at * Float.BYTES, n);
                } else {
                    for (var r = 0; r < piece.height(); r++) {
                        add(array, r * piece.width(), partial, sumAt(block, i) + piece.column(), piece.width());
                    }
                }
            }
        }

        private int sumAt(int block, int result) {
            return (block * sumCount + sums[result]) * columns.columns();
        }

        private static void add(float[] x, int from, double[] sum, int to, int n) {
            for (var i = 0; i < n; i++) {
                sum[to + i] += x[from + i];
            }
        }

        /// Makes one sum of those of the blocks.
        void addBlocks(int result) {
            var s = columns.columns();
            var sum = formula.results().get(result).sum().orElseThrow();
            var factor = sum.mean() ? 1.0 / columns.rows() : 1.0;
            for (var g = 0; g < columns.groups(); g++) {
                var to = sumAt(g * blocks, result);
                for (var b = 1; b < blocks; b++) {
                    add(partial, sumAt(g * blocks + b, result), to, s);
                }
                for (var c = 0; c < s; c++) {
                    outputs[result].setAtIndex(JAVA_FLOAT, (long) g * s + c, (float) (partial[to + c] * factor));
                }
            }
        }

        private static void add(double[] sums, int from, int to, int n) {
            for (var i = 0; i < n; i++) {
                sums[to + i] += sums[from + i];
            }
        }
    }
}
