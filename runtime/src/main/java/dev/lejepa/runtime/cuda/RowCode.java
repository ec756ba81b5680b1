package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.RowFormula;
import java.util.ArrayList;

/// Writes the CUDA kernel of a formula of rows for operands of given shapes.
///
/// Without a LayerNorm or sums over all rows, a thread computes one vector of neighbors ([RowElements]). Otherwise some
/// threads share a row ([RowsShared]). Sums over all rows are added up over those of a block, and over blocks by a
/// second kernel.
final class RowCode {
    private RowCode() {}

    /// The kernel, of operands and results in their order. Sums over all rows are left out; those of each block follow
    /// at the end, as one result.
    static String of(RowFormula formula, RowShape shape) {
        var text = new RowText(formula, shape);
        var grid = text.grid();
        text.line("extern \"C\" __global__ void __launch_bounds__(%d)", grid.threads());
        text.line("%s(%s) {", name(formula), parameters(formula, grid));
        if (grid.perRow() == 0) {
            RowElements.write(text);
        } else {
            RowsShared.write(text);
        }
        text.line("}");
        return text.toString();
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

    private static String parameters(RowFormula formula, RowGrid grid) {
        var sums = RowSteps.sums(formula);
        var alone = alone(grid);
        var list = new ArrayList<String>();
        for (var i = 0; i < formula.inputs().size(); i++) {
            list.add(Text.format(
                    "const %s *%s x%d", RowExpressions.type(formula.inputs().get(i)), alone, i));
        }
        for (var i = 0; i < formula.results().size(); i++) {
            if (!sums.contains(formula.results().get(i).register())) {
                list.add(Text.format(
                        "%s *%s y%d",
                        RowExpressions.type(formula.results().get(i).type()), alone, i));
            }
        }
        if (!sums.isEmpty()) {
            list.add("float *__restrict__ parts");
        }
        return String.join(", ", list);
    }

    /// Where each thread reads all that it needs before it writes, a result may lie where an operand lies.
    private static String alone(RowGrid grid) {
        return grid.perRow() == 0 ? "" : "__restrict__";
    }
}
