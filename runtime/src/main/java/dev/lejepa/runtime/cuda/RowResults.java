package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;

/// Shapes of a formula's results.
final class RowResults {
    private RowResults() {}

    /// The rows' shape; with one number for each row for a LayerNorm's statistics; one row for the gradients of its
    /// scale and bias.
    static long[] shape(RowFormula formula, RowShape shape, int register) {
        var dims = shape.dims().stream().mapToLong(Long::longValue).toArray();
        for (var step : formula.steps()) {
            switch (step) {
                case RowFormula.LayerNorm n
                when register == n.mean() || register == n.inverse() -> dims[dims.length - 1] = 1;
                case RowFormula.LayerNormGrad g
                when register == g.dScale() || register == g.dBias() -> {
                    return new long[] {shape.columns()};
                }
                case RowFormula.Step _ -> {}
            }
        }
        return dims;
    }
}
