package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;

/// Shapes of a formula's results.
final class RowResults {
    private RowResults() {}

    /// The rows' shape; with one number for each row for a LayerNorm's statistics; one row for sums over all
    /// rows.
    static long[] shape(RowFormula formula, RowShape shape, int register) {
        var dims = shape.dims().stream().mapToLong(Long::longValue).toArray();
        if (RowSteps.sums(formula).contains(register)) {
            return new long[] {shape.columns()};
        }
        if (formula.steps().stream().anyMatch(s -> isStatistic(s, register))) {
            dims[dims.length - 1] = 1;
        }
        return dims;
    }

    private static boolean isStatistic(RowFormula.Step step, int register) {
        return step instanceof RowFormula.LayerNorm n && (register == n.mean() || register == n.inverse());
    }
}
