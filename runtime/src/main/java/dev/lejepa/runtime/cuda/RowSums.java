package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// The second kernel of formulas that sum over all rows: it adds up the parts that blocks have left.
final class RowSums {
    private static final int COLUMNS = 32; // of a block
    private static final int THREADS = 1024;

    private RowSums() {}

    /// @param columns of a sum, in a row of parts all sums one after the other
    static Launch launch(int columns) {
        return new Launch(Math.ceilDiv(columns, COLUMNS), 1, 1, THREADS, 0);
    }

    /// @param module whose source rows.cu is part of
    /// @param parts address of `[blocks, sums, columns]`
    /// @param results addresses of as many rows as a formula may have sums, 0 for one that is not wanted
    static void add(CudaModule module, long stream, long parts, int blocks, int columns, int sums, Long[] results) {
        module.launch(
                "add_parts",
                launch(sums * columns),
                stream,
                parts,
                blocks,
                sums,
                columns,
                results[0],
                results[1],
                results[2],
                results[3]);
    }
}
