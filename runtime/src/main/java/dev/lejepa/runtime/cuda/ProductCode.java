package dev.lejepa.runtime.cuda;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.RowFormula.RowSum;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes the CUDA kernel of a product and a formula of its rows. It takes one structure: the maps of both matrices,
/// then addresses of the formula's other operands, of its results but sums, of the product if it is kept and of the
/// sums' parts.
final class ProductCode {
    static final String NAME = "product";

    /// What a thread computes of a row at a time.
    private static final int VECTOR = 8;

    private static final List<String> BEFORE = List.of("instructions.cu", "rows.cu", "warpgroups.cu");
    private static final String SOURCE = "products.cu";

    private final ProductFormula formula;
    private final RowFormula rows;
    private final ProductShape shape;
    /// Which operands of the rows are one row.
    private final List<Boolean> isRow;

    private final List<Integer> sums;
    private final Set<Integer> numbers = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    private ProductCode(ProductFormula formula, ProductShape shape, List<Boolean> isRow) {
        this.formula = formula;
        this.rows = formula.rows();
        this.shape = shape;
        this.isRow = isRow;
        this.sums = RowSteps.sums(rows);
    }

    /// What comes before and behind what is written for one formula.
    static String prelude() {
        return String.join("", BEFORE.stream().map(CudaSource::read).toList());
    }

    static String source(ProductFormula formula, ProductShape shape, List<Boolean> isRow) {
        return prelude() + ofFormula(formula, shape, isRow);
    }

    /// The part of the source that differs.
    static String ofFormula(ProductFormula formula, ProductShape shape, List<Boolean> isRow) {
        var code = new ProductCode(formula, shape, isRow);
        code.sizes();
        code.arguments();
        code.finish();
        return code.text + CudaSource.read(SOURCE);
    }

    private void sizes() {
        line("const unsigned ROWS = %du, COLUMNS = %du;", shape.rows(), shape.columns());
        line("const int DEPTH = %d, B_ROWS = %d;", shape.depth(), formula.transB() ? 0 : 1);
        line("const int STAGES = %d, SUMS = %d;", ProductShape.STAGES, sums.size());
    }

    private void arguments() {
        line("struct Arguments {");
        line("TensorMap a, b;");
        for (var i = 1; i < rows.inputs().size(); i++) {
            line("const %s *x%d;", RowExpressions.type(rows.inputs().get(i)), i);
        }
        for (var i = 0; i < rows.results().size(); i++) {
            if (!sums.contains(rows.results().get(i).register())) {
                line("%s *y%d;", RowExpressions.type(rows.results().get(i).type()), i);
            }
        }
        if (formula.kept()) {
            line("bf16 *kept;");
        }
        line("float *parts;");
        line("};");
    }

    private void finish() {
        line("__device__ __forceinline__ void computeRow(const Arguments &arguments, unsigned row, unsigned column,");
        line("const float (&v0)[%d], float (&sums)[SUMS > 0 ? SUMS : 1][4][%d], int part) {", VECTOR, VECTOR);
        line("const unsigned long long at = (unsigned long long)row * COLUMNS + column;");
        for (var i = 1; i < rows.inputs().size(); i++) {
            line("float v%d[%d];", i, VECTOR);
            line("load(v%d, arguments.x%d + %s);", i, i, isRow.get(i) ? "column" : "at");
        }
        for (var step : rows.steps()) {
            switch (step) {
                case RowFormula.Number n -> {
                    numbers.add(n.y());
                    line("const float v%d = %s;", n.y(), RowExpressions.number(n.value()));
                }
                case RowSum _ -> {} // lives as long as the tile
                case RowFormula.Step s ->
                    line("float v%d[%d];", RowSteps.results(s).getFirst(), VECTOR);
            }
        }
        line("#pragma unroll");
        line("for (int j = 0; j < %d; j++) {", VECTOR);
        rows.steps().forEach(this::element);
        line("}");
        for (var i = 0; i < rows.results().size(); i++) {
            var register = rows.results().get(i).register();
            if (!sums.contains(register)) {
                line("store(arguments.y%d + at, v%d);", i, register);
            }
        }
        if (formula.kept()) {
            line("store(arguments.kept + at, v0);");
        }
        line("}");
    }

    private void element(RowFormula.Step step) {
        switch (step) {
            case RowFormula.Number _ -> {} // is known
            case RowSum s -> line("sums[%d][part][j] += %s;", sums.indexOf(s.y()), at(s.x()));
            case RowFormula.Step s ->
                line("v%d[j] = %s;", RowSteps.results(s).getFirst(), RowExpressions.of(s, this::at));
        }
    }

    private String at(int register) {
        return numbers.contains(register) ? "v" + register : Text.format("v%d[j]", register);
    }

    @FormatMethod
    private void line(@FormatString String code, Object... arguments) {
        text.append(Text.format(code, arguments)).append('\n');
    }
}
