package dev.lejepa.tools.stat;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyMatrix;
import java.util.ArrayList;

/// Refuses matrices with values that are no finite float32 numbers.
final class FiniteCheck {
    private static final int BLOCK = 1 << 20;
    private static final int NAMED = 5;

    private FiniteCheck() {}

    /// Reads all of the matrix once, row after row.
    static void require(NpyMatrix matrix) {
        var d = matrix.columns();
        var bad = 0L;
        var rows = new ArrayList<Long>();
        var block = Math.max(1, BLOCK / Math.max(1, d));
        var values = new float[block * d];
        for (var row = 0L; row < matrix.rows(); row += block) {
            var found = (int) Math.min(block, matrix.rows() - row);
            matrix.read(row, found, 0, d, values, d);
            for (var i = 0; i < found * d; i++) {
                if (!Float.isFinite(values[i])) {
                    bad++;
                    var at = row + i / d;
                    if (rows.size() < NAMED && !rows.contains(at)) {
                        rows.add(at);
                    }
                }
            }
        }
        if (bad > 0) {
            throw new BadInputException(Text.format(
                    "%s: %d of %d values are NaN or infinite (as float32), first in rows %s; expected finite numbers",
                    matrix.name(), bad, matrix.rows() * d, rows));
        }
    }
}
