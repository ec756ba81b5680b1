package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Writes the body of a kernel whose threads share rows and keep them in registers: first all that does not depend on a
/// LayerNorm's sums is computed, then these, then the rest.
final class RowsShared {
    private final RowText text;
    private final RowFormula formula;
    private final RowShape shape;
    private final RowGrid grid;
    private final List<Integer> sums;

    private RowsShared(RowText text) {
        this.text = text;
        this.formula = text.formula();
        this.shape = text.shape();
        this.grid = text.grid();
        this.sums = RowSteps.sums(formula);
    }

    static void write(RowText text) {
        new RowsShared(text).write();
    }

    private void write() {
        var norm = formula.steps().stream().filter(RowSteps::isNorm).toList();
        var before = before(norm);
        var after = formula.steps().stream()
                .filter(s -> !norm.contains(s) && !before.contains(s))
                .toList();
        text.line("const unsigned lane = threadIdx.x %% %du;", grid.perRow());
        text.line("const unsigned group = threadIdx.x / %du;", grid.perRow());
        text.line("__shared__ float warps[%d];", Math.max(1, grid.threads() / 32));
        RowParts.begin(text, sums);
        text.line("for (unsigned i = group; i < %du; i += %du) {", grid.rowsOfBlock(), grid.groups());
        text.line("unsigned row = blockIdx.x * %du + i;", grid.rowsOfBlock());
        text.line("const bool inside = row < %du;", shape.rows());
        text.line("if (!inside) { row = %du; }", shape.rows() - 1);
        text.declareOperands();
        text.declareSteps();
        text.loop(
                () -> {
                    text.loadOperands();
                    text.elements(before);
                    store(before);
                },
                true);
        norm.forEach(n -> RowNorms.write(text, n));
        if (!norm.isEmpty()) {
            text.loop(
                    () -> {
                        text.elements(after);
                        store(after);
                        store(norm);
                    },
                    true);
        }
        text.line("}");
        if (!sums.isEmpty()) {
            RowParts.end(text, sums);
        }
    }

    /// The steps that need nothing of the norm, of which there is at most one.
    private List<RowFormula.Step> before(List<RowFormula.Step> norm) {
        var later = new HashSet<Integer>();
        norm.forEach(n -> later.addAll(RowSteps.results(n)));
        var found = new ArrayList<RowFormula.Step>();
        for (var s : formula.steps()) {
            if (!norm.contains(s)) {
                if (RowSteps.operands(s).stream().anyMatch(later::contains)) {
                    later.addAll(RowSteps.results(s));
                } else {
                    found.add(s);
                }
            }
        }
        return found;
    }

    /// Stores the results that these steps make.
    private void store(List<RowFormula.Step> steps) {
        var made = new HashSet<Integer>();
        steps.forEach(s -> made.addAll(RowSteps.results(s)));
        for (var i = 0; i < formula.results().size(); i++) {
            var register = formula.results().get(i).register();
            if (!made.contains(register) || sums.contains(register)) {
                continue;
            }
            if (text.isPerRow(register)) {
                text.line("if (inside && lane == 0 && k == 0) { y%d[row] = v%d; }", i, register);
            } else {
                text.line(
                        "if (inside) { store(y%d + (unsigned long long)row * %du + column, v%d[k]); }",
                        i, shape.columns(), register);
            }
        }
    }
}
