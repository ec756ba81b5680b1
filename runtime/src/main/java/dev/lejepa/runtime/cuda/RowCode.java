package dev.lejepa.runtime.cuda;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.RowFormula;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes the CUDA kernel of a formula of rows for operands of given shapes.
///
/// Without a LayerNorm or sums over all rows, a thread computes one vector of neighbors. Otherwise some threads share a
/// row and keep it in registers: first all that does not depend on a LayerNorm's sums is computed, then these, then the
/// rest. Sums over all rows are added up over those of a block, and over blocks by a second kernel.
final class RowCode {
    private final RowFormula formula;
    private final RowShape shape;
    private final RowGrid grid;
    private final StringBuilder text = new StringBuilder();
    private final Set<Integer> perRow = new HashSet<>();
    private final List<Integer> sums;

    private RowCode(RowFormula formula, RowShape shape) {
        this.formula = formula;
        this.shape = shape;
        this.grid = RowGrid.of(formula, shape);
        this.sums = RowSteps.sums(formula);
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (shape.isPerRow(i)) {
                perRow.add(i);
            }
        }
    }

    /// The kernel, of operands and results in their order. Sums over all rows are left out; those of each block follow
    /// at the end, as one result.
    static String of(RowFormula formula, RowShape shape) {
        var code = new RowCode(formula, shape);
        code.write();
        return code.text.toString();
    }

    /// The kernel's name, which says in profiles what it computes.
    static String name(RowFormula formula) {
        var name = new StringBuilder("rows");
        for (var s : formula.steps()) {
            var part = switch (s) {
                case RowFormula.Gelu _ -> "_gelu";
                case RowFormula.GeluGrad _ -> "_gelu_gradient";
                case RowFormula.LayerNorm _ -> "_norm";
                case RowFormula.LayerNormGrad _ -> "_norm_gradient";
                case RowFormula.RowSum _ -> "_sum";
                case RowFormula.Number _, RowFormula.Unary _, RowFormula.Binary _, RowFormula.Round _ -> "";
            };
            name.append(part);
        }
        return name.toString();
    }

    private void write() {
        line("extern \"C\" __global__ void __launch_bounds__(%d)", grid.threads());
        line("%s(%s) {", name(formula), parameters());
        if (grid.perRow() == 0) {
            elementwise();
        } else {
            rows();
        }
        line("}");
    }

    private String parameters() {
        var list = new ArrayList<String>();
        for (var i = 0; i < formula.inputs().size(); i++) {
            list.add(Text.format(
                    "const %s *%s x%d", RowExpressions.type(formula.inputs().get(i)), alone(), i));
        }
        for (var i = 0; i < formula.results().size(); i++) {
            if (!sums.contains(formula.results().get(i).register())) {
                list.add(Text.format(
                        "%s *%s y%d",
                        RowExpressions.type(formula.results().get(i).type()), alone(), i));
            }
        }
        if (!sums.isEmpty()) {
            list.add("float *__restrict__ parts");
        }
        return String.join(", ", list);
    }

    /// Where each thread reads all that it needs before it writes, a result may lie where an operand lies.
    private String alone() {
        return grid.perRow() == 0 ? "" : "__restrict__";
    }

    // ---- elements

    private void elementwise() {
        var vectors = shape.columns() / grid.vector();
        line("const unsigned long long at = blockIdx.x * %dull + threadIdx.x;", grid.threads());
        line("if (at >= %dull) { return; }", shape.rows() * vectors);
        var narrow = shape.rows() * vectors < 1L << 32;
        line("const unsigned row = (unsigned)(%s / %du);", narrow ? "(unsigned)at" : "at", vectors);
        line(
                "const unsigned column = (unsigned)(%s %% %du) * %du;",
                narrow ? "(unsigned)at" : "at", vectors, grid.vector());
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (shape.isPerRow(i)) {
                line("const float v%d = load(x%d + (%s));", i, i, shape.ownRow(i));
            } else {
                line("float v%d[%d];", i, grid.vector());
                line("load(v%d, x%d + %s + column);", i, i, start(i));
            }
        }
        for (var step : formula.steps()) {
            declare(step, Text.format("[%d]", grid.vector()));
        }
        elements(formula.steps(), "");
        for (var i = 0; i < formula.results().size(); i++) {
            line(
                    "store(y%d + (unsigned long long)row * %du + column, v%d);",
                    i, shape.columns(), formula.results().get(i).register());
        }
    }

    private String start(int operand) {
        return shape.hasRows(operand)
                ? Text.format("(unsigned long long)(%s) * %du", shape.ownRow(operand), shape.columns())
                : "0u";
    }

    // ---- rows

    private void rows() {
        var norm = formula.steps().stream().filter(RowCode::isNorm).toList();
        var before = before(norm);
        var after = formula.steps().stream()
                .filter(s -> !norm.contains(s) && !before.contains(s))
                .toList();
        var k = grid.vectorsOfThread();
        line("const unsigned lane = threadIdx.x %% %du;", grid.perRow());
        line("const unsigned group = threadIdx.x / %du;", grid.perRow());
        line("__shared__ float warps[%d];", Math.max(1, grid.threads() / 32));
        for (var sum : sums) {
            line("float v%d[%d][4];", sum, k);
            loop(() -> line("for (int j = 0; j < 4; j++) { v%d[k][j] = 0; }", sum), false);
        }
        line("for (unsigned i = group; i < %du; i += %du) {", grid.rowsOfBlock(), grid.groups());
        line("unsigned row = blockIdx.x * %du + i;", grid.rowsOfBlock());
        line("const bool inside = row < %du;", shape.rows());
        line("if (!inside) { row = %du; }", shape.rows() - 1);
        for (var i = 0; i < formula.inputs().size(); i++) {
            if (shape.isPerRow(i)) {
                line("const float v%d = load(x%d + (%s));", i, i, shape.ownRow(i));
            } else {
                line("float v%d[%d][4];", i, k);
            }
        }
        for (var step : formula.steps()) {
            declare(step, Text.format("[%d][4]", k));
        }
        loop(
                () -> {
                    for (var i = 0; i < formula.inputs().size(); i++) {
                        if (!shape.isPerRow(i)) {
                            line("load(v%d[k], x%d + %s + column);", i, i, start(i));
                        }
                    }
                    elements(before, "[k]");
                    store(before);
                },
                true);
        norm.forEach(this::norm);
        if (!norm.isEmpty()) {
            loop(
                    () -> {
                        elements(after, "[k]");
                        store(after);
                        store(norm);
                    },
                    true);
        }
        line("}");
        if (!sums.isEmpty()) {
            parts();
        }
    }

    private void norm(RowFormula.Step step) {
        switch (step) {
            case RowFormula.LayerNorm n -> layerNorm(n);
            case RowFormula.LayerNormGrad g -> layerNormGradient(g);
            case RowFormula.Step other -> throw new IllegalStateException(other + " is no norm");
        }
    }

    static boolean isNorm(RowFormula.Step s) {
        return s instanceof RowFormula.LayerNorm || s instanceof RowFormula.LayerNormGrad;
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

    /// Code for each vector of a thread.
    ///
    /// @param guarded whether only for those that lie in the row
    private void loop(Runnable code, boolean guarded) {
        line("#pragma unroll");
        line("for (int k = 0; k < %d; k++) {", grid.vectorsOfThread());
        var full = grid.vectorsOfThread() * grid.perRow() * 4L == shape.columns();
        if (guarded) {
            line("const unsigned column = (k * %du + lane) * 4u;", grid.perRow());
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

    private void layerNorm(RowFormula.LayerNorm n) {
        var c = shape.columns();
        line("float sum = 0;");
        loop(() -> each("sum += %s;", at(n.x())), true);
        line("const float v%d = rowSum<%d>(sum, warps) * %s;", n.mean(), grid.perRow(), RowExpressions.number(1.0 / c));
        line("float squares = 0;");
        loop(() -> each("{ const float d = %s - v%d; squares += d * d; }", at(n.x()), n.mean()), true);
        line(
                "const float v%d = 1.0f / sqrtf(rowSum<%d>(squares, warps) * %s + %s);",
                n.inverse(), grid.perRow(), RowExpressions.number(1.0 / c), RowExpressions.number(n.epsilon()));
        perRow.add(n.mean());
        perRow.add(n.inverse());
        loop(
                () -> each(
                        "v%d[k][j] = (%s - v%d) * v%d * %s + %s;",
                        n.y(), at(n.x()), n.mean(), n.inverse(), at(n.scale()), at(n.bias())),
                true);
    }

    private void layerNormGradient(RowFormula.LayerNormGrad g) {
        line("float sum = 0, slope = 0;");
        var normal = Text.format("(%s - %s) * %s", at(g.x()), at(g.mean()), at(g.inverse()));
        loop(
                () -> each(
                        "{ const float n = %s, g = %s * %s; sum += g; slope += g * n; }",
                        normal, at(g.dy()), at(g.scale())),
                true);
        line("sum = rowSum<%d>(sum, warps) * %s;", grid.perRow(), RowExpressions.number(1.0 / shape.columns()));
        line("slope = rowSum<%d>(slope, warps) * %s;", grid.perRow(), RowExpressions.number(1.0 / shape.columns()));
        loop(
                () -> {
                    line("#pragma unroll");
                    line("for (int j = 0; j < 4; j++) {");
                    line("const float n = %s;", normal);
                    line(
                            "v%d[k][j] = (%s * %s - sum - n * slope) * %s;",
                            g.dx(), at(g.dy()), at(g.scale()), at(g.inverse()));
                    line(
                            "if (inside) { v%d[k][j] += %s * n; v%d[k][j] += %s; }",
                            g.dScale(), at(g.dy()), g.dBias(), at(g.dy()));
                    line("}");
                },
                true);
    }

    /// The block's sums, group after group, to their places in `parts`.
    private void parts() {
        var c = shape.columns();
        line("__shared__ float sums[%d];", c);
        for (var i = 0; i < sums.size(); i++) {
            var sum = sums.get(i);
            line("for (unsigned g = 0; g < %du; g++) {", grid.groups());
            line("if (g == group) {");
            loop(() -> each("sums[column + j] = v%d[k][j] + (g == 0 ? 0.0f : sums[column + j]);", sum), true);
            line("}");
            line("__syncthreads();");
            line("}");
            line("for (unsigned c = threadIdx.x; c < %du; c += %du) {", c, grid.threads());
            line("parts[(unsigned long long)blockIdx.x * %du + %du + c] = sums[c];", sums.size() * c, i * c);
            line("}");
            line("__syncthreads();");
        }
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
            if (perRow.contains(register)) {
                line("if (inside && lane == 0 && k == 0) { y%d[row] = v%d; }", i, register);
            } else {
                line(
                        "if (inside) { store(y%d + (unsigned long long)row * %du + column, v%d[k]); }",
                        i, shape.columns(), register);
            }
        }
    }

    // ---- steps

    private void declare(RowFormula.Step step, String dims) {
        switch (step) {
            case RowFormula.Number n -> line("const float v%d = %s;", n.y(), RowExpressions.number(n.value()));
            case RowFormula.LayerNorm n -> line("float v%d%s;", n.y(), dims);
            case RowFormula.LayerNormGrad g -> line("float v%d%s;", g.dx(), dims);
            case RowFormula.RowSum _ -> {} // lives as long as the block
            case RowFormula.Unary _,
                    RowFormula.Binary _,
                    RowFormula.Round _,
                    RowFormula.Gelu _,
                    RowFormula.GeluGrad _ ->
                line("float v%d%s;", RowSteps.results(step).getFirst(), dims);
        }
        if (step instanceof RowFormula.Number n) {
            perRow.add(n.y());
        }
    }

    private void elements(List<RowFormula.Step> steps, String vector) {
        var code = steps.stream().filter(s -> !(s instanceof RowFormula.Number)).toList();
        if (code.isEmpty()) {
            return;
        }
        line("#pragma unroll");
        line("for (int j = 0; j < %d; j++) {", vector.isEmpty() ? grid.vector() : 4);
        for (var s : code) {
            if (s instanceof RowFormula.RowSum sum) {
                line("if (inside) { v%d%s[j] += %s; }", sum.y(), vector, at(sum.x(), vector));
            } else {
                line(
                        "v%d%s[j] = %s;",
                        RowSteps.results(s).getFirst(), vector, RowExpressions.of(s, r -> at(r, vector)));
            }
        }
        line("}");
    }

    @FormatMethod
    private void each(@FormatString String code, Object... arguments) {
        line("#pragma unroll");
        line("for (int j = 0; j < 4; j++) {");
        line(code, arguments);
        line("}");
    }

    private String at(int register) {
        return at(register, "[k]");
    }

    private String at(int register, String vector) {
        var name = "v" + register;
        return perRow.contains(register) ? name : name + vector + "[j]";
    }

    @FormatMethod
    private void line(@FormatString String code, Object... arguments) {
        text.append(Text.format(code, arguments)).append('\n');
    }
}
