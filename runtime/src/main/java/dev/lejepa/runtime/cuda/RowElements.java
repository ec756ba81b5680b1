package dev.lejepa.runtime.cuda;

/// Writes the body of a kernel whose threads compute one vector of neighbors each.
final class RowElements {
    private RowElements() {}

    static void write(RowText text) {
        var formula = text.formula();
        var shape = text.shape();
        var grid = text.grid();
        var vectors = shape.columns() / grid.vector();
        text.line("const unsigned long long at = blockIdx.x * %dull + threadIdx.x;", grid.threads());
        text.line("if (at >= %dull) { return; }", shape.rows() * vectors);
        var narrow = shape.rows() * vectors < 1L << 32;
        text.line("const unsigned row = (unsigned)(%s / %du);", narrow ? "(unsigned)at" : "at", vectors);
        text.line(
                "const unsigned column = (unsigned)(%s %% %du) * %du;",
                narrow ? "(unsigned)at" : "at", vectors, grid.vector());
        text.declareOperands();
        text.declareSteps();
        text.loadOperands();
        text.elements(formula.steps());
        for (var i = 0; i < formula.results().size(); i++) {
            text.line(
                    "store(y%d + (unsigned long long)row * %du + column, v%d);",
                    i, shape.columns(), formula.results().get(i).register());
        }
    }
}
