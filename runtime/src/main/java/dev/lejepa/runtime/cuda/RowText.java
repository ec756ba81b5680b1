package dev.lejepa.runtime.cuda;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.RowFormula;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The source of a formula's kernel as it is written. Its registers are variables `v0`, `v1`, ...
///
/// Each is one number for a row, a vector, or those vectors `k` of a row that a thread keeps.
final class RowText {
    private final RowFormula formula;
    private final RowShape shape;
    private final RowGrid grid;
    private final StringBuilder text = new StringBuilder();
    /// Registers that are one number for each row.
    private final Set<Integer> perRow = new HashSet<>();

    RowText(RowFormula formula, RowShape shape) {
        this.formula = formula;
        this.shape = shape;
        this.grid = RowGrid.of(formula, shape);
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (shape.isPerRow(i)) {
                perRow.add(i);
            }
        }
    }

    RowFormula formula() {
        return formula;
    }

    RowShape shape() {
        return shape;
    }

    RowGrid grid() {
        return grid;
    }

    @FormatMethod
    void line(@FormatString String code, Object... arguments) {
        text.append(Text.format(code, arguments)).append('\n');
    }

    /// Code for each element of a vector.
    @FormatMethod
    void each(@FormatString String code, Object... arguments) {
        line("#pragma unroll");
        line("for (int j = 0; j < %d; j++) {", grid.vector());
        line(code, arguments);
        line("}");
    }

    /// Code for each vector of a thread.
    ///
    /// @param guarded whether only for those that lie in the row
    void loop(Runnable code, boolean guarded) {
        line("#pragma unroll");
        line("for (int k = 0; k < %d; k++) {", grid.vectorsOfThread());
        var full = grid.vectorsOfThread() * grid.perRow() * (long) grid.vector() == shape.columns();
        if (guarded) {
            line("const unsigned column = (k * %du + lane) * %du;", grid.perRow(), grid.vector());
        }
        var open = guarded && !full;
        if (open) {
            line("if (column < %du) {", shape.columns());
        }
        code.run();
        if (open) {
            line("}");
        }
        line("}");
    }

    /// An element of a register, or a row's only one.
    String at(int register) {
        var name = "v" + register;
        return perRow.contains(register) ? name : name + vector() + "[j]";
    }

    boolean isPerRow(int register) {
        return perRow.contains(register);
    }

    void setPerRow(int register) {
        perRow.add(register);
    }

    private String vector() {
        return grid.perRow() == 0 ? "" : "[k]";
    }

    /// Declares operands. One number for each row is read at once.
    void declareOperands() {
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (shape.isPerRow(i)) {
                line("const float v%d = load(x%d + (%s));", i, i, shape.ownRow(i));
            } else {
                line("float v%d%s;", i, dims());
            }
        }
    }

    /// Declares what steps set, but for what lives as long as the block.
    void declareSteps() {
        formula.steps().forEach(this::declare);
    }

    /// Reads the vectors of all operands that have some.
    void loadOperands() {
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (!shape.isPerRow(i)) {
                line("load(v%d%s, x%d + %s + column);", i, vector(), i, start(i));
            }
        }
    }

    private String start(int operand) {
        return shape.hasRows(operand)
                ? Text.format("(unsigned long long)(%s) * %du", shape.ownRow(operand), shape.columns())
                : "0u";
    }

    private void declare(RowFormula.Step step) {
        switch (step) {
            case RowFormula.Number n -> {
                line("const float v%d = %s;", n.y(), RowExpressions.number(n.value()));
                perRow.add(n.y());
            }
            case RowFormula.LayerNorm n -> line("float v%d%s;", n.y(), dims());
            case RowFormula.LayerNormGrad g -> line("float v%d%s;", g.dx(), dims());
            case RowFormula.RowSum _ -> {} // lives as long as the block
            case RowFormula.Unary _,
                    RowFormula.Binary _,
                    RowFormula.Round _,
                    RowFormula.Gelu _,
                    RowFormula.GeluGrad _ ->
                line("float v%d%s;", RowSteps.results(step).getFirst(), dims());
        }
    }

    private String dims() {
        var vector = Text.format("[%d]", grid.vector());
        return grid.perRow() == 0 ? vector : Text.format("[%d]", grid.vectorsOfThread()) + vector;
    }

    /// Computes steps element by element.
    void elements(List<RowFormula.Step> steps) {
        var code = steps.stream().filter(s -> !(s instanceof RowFormula.Number)).toList();
        if (code.isEmpty()) {
            return;
        }
        line("#pragma unroll");
        line("for (int j = 0; j < %d; j++) {", grid.vector());
        for (var s : code) {
            if (s instanceof RowFormula.RowSum sum) {
                line("if (inside) { v%d%s[j] += %s; }", sum.y(), vector(), at(sum.x()));
            } else {
                var y = RowSteps.results(s).getFirst();
                line("v%d%s[j] = %s;", y, vector(), RowExpressions.of(s, this::at));
            }
        }
        line("}");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
