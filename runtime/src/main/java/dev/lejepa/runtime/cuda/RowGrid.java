package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// How the kernel of a formula of rows is shared out. It follows from sizes alone, and with it the order of sums.
///
/// @param threads of a block
/// @param vector elements that a thread reads at once
/// @param perRow threads that share a row; 0 if each computes a vector of its own
/// @param vectorsOfThread of a row
/// @param rowsOfBlock that its groups of threads take turns at
/// @param blocks of the grid
record RowGrid(int threads, int vector, int perRow, int vectorsOfThread, int rowsOfBlock, int blocks) {
    private static final int THREADS = 256;
    /// Those of a kernel that keeps rows in registers, of which a thread then has more.
    private static final int ROW_THREADS = 128;

    private static final int VECTOR = 4;
    private static final int LEAST_PER_ROW = 8;
    private static final int WARP = 32;
    private static final int FEW_VECTORS = 3;
    private static final int MOST_VECTORS = 8;

    /// With sums over rows: rows of a block, at least, and blocks, at most, whose sums the second kernel reads.
    private static final int SUMMED_ROWS = 16;

    private static final int SUMMED_BLOCKS = 2048;

    static RowGrid of(RowFormula formula, RowShape shape) {
        if (shape.columns() % VECTOR != 0) {
            throw new IllegalArgumentException(
                    Text.format("rows of %d: a multiple of %d is needed", shape.columns(), VECTOR));
        }
        var hasNorm = formula.steps().stream().anyMatch(RowSteps::isNorm);
        var summed = !RowSteps.sums(formula).isEmpty();
        return hasNorm || summed ? rows(shape, hasNorm, summed) : elements(formula, shape);
    }

    private static RowGrid elements(RowFormula formula, RowShape shape) {
        var halves = formula.inputs().contains(DType.BFLOAT16)
                || formula.results().stream().anyMatch(r -> r.type() == DType.BFLOAT16);
        var vector = halves && shape.columns() % (2 * VECTOR) == 0 ? 2 * VECTOR : VECTOR;
        var vectors = shape.rows() * shape.columns() / vector;
        return new RowGrid(THREADS, vector, 0, 1, 0, Math.toIntExact(Math.ceilDiv(vectors, THREADS)));
    }

    private static RowGrid rows(RowShape shape, boolean hasNorm, boolean summed) {
        var vectors = Math.toIntExact(shape.columns() / VECTOR);
        var perRow = LEAST_PER_ROW;
        var free = hasNorm ? WARP : THREADS; // more threads than a warp must wait for each other at a norm's sums
        while (perRow < free && Math.ceilDiv(vectors, perRow) > FEW_VECTORS
                || Math.ceilDiv(vectors, perRow) > MOST_VECTORS) {
            perRow *= 2;
        }
        var threads = Math.max(ROW_THREADS, perRow);
        var groups = threads / perRow;
        var rows = shape.rows();
        var ofBlock = (long) groups;
        if (summed) {
            ofBlock = Math.max(SUMMED_ROWS, Math.ceilDiv(rows, (long) SUMMED_BLOCKS));
            ofBlock = Math.ceilDiv(ofBlock, groups) * groups;
        }
        return new RowGrid(
                threads,
                VECTOR,
                perRow,
                Math.ceilDiv(vectors, perRow),
                Math.toIntExact(ofBlock),
                Math.toIntExact(Math.ceilDiv(rows, ofBlock)));
    }

    /// Rows that a block computes at once.
    int groups() {
        return threads / perRow;
    }

    Launch launch() {
        return new Launch(blocks, 1, 1, threads, 0);
    }
}
