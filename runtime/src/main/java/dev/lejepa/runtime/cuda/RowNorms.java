package dev.lejepa.runtime.cuda;

import static dev.lejepa.runtime.cuda.RowExpressions.number;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.RowFormula;

/// Writes a LayerNorm, or its gradient, of rows that threads share and keep in registers.
final class RowNorms {
    private final RowText text;
    private final RowShape shape;
    private final RowGrid grid;

    private RowNorms(RowText text) {
        this.text = text;
        this.shape = text.shape();
        this.grid = text.grid();
    }

    static void write(RowText text, RowFormula.Step norm) {
        var norms = new RowNorms(text);
        switch (norm) {
            case RowFormula.LayerNorm n -> norms.layerNorm(n);
            case RowFormula.LayerNormGrad g -> norms.layerNormGradient(g);
            case RowFormula.Step other -> throw new IllegalStateException(other + " is no norm");
        }
    }

    private void layerNorm(RowFormula.LayerNorm n) {
        var c = shape.columns();
        text.line("float sum = 0;");
        text.loop(() -> text.each("sum += %s;", text.at(n.x())), true);
        text.line("const float v%d = rowSum<%d>(sum, warps) * %s;", n.mean(), grid.perRow(), number(1.0 / c));
        text.line("float squares = 0;");
        text.loop(() -> text.each("{ const float d = %s - v%d; squares += d * d; }", text.at(n.x()), n.mean()), true);
        text.line(
                "const float v%d = 1.0f / sqrtf(rowSum<%d>(squares, warps) * %s + %s);",
                n.inverse(), grid.perRow(), number(1.0 / c), number(n.epsilon()));
        text.setPerRow(n.mean());
        text.setPerRow(n.inverse());
        text.loop(
                () -> text.each(
                        "v%d[k][j] = (%s - v%d) * v%d * %s + %s;",
                        n.y(), text.at(n.x()), n.mean(), n.inverse(), text.at(n.scale()), text.at(n.bias())),
                true);
    }

    private void layerNormGradient(RowFormula.LayerNormGrad g) {
        text.line("float sum = 0, slope = 0;");
        var normal = Text.format("(%s - %s) * %s", text.at(g.x()), text.at(g.mean()), text.at(g.inverse()));
        text.loop(
                () -> text.each(
                        "{ const float n = %s, g = %s * %s; sum += g; slope += g * n; }",
                        normal, text.at(g.dy()), text.at(g.scale())),
                true);
        text.line("sum = rowSum<%d>(sum, warps) * %s;", grid.perRow(), number(1.0 / shape.columns()));
        text.line("slope = rowSum<%d>(slope, warps) * %s;", grid.perRow(), number(1.0 / shape.columns()));
        text.loop(
                () -> {
                    text.line("#pragma unroll");
                    text.line("for (int j = 0; j < 4; j++) {");
                    text.line("const float n = %s;", normal);
                    text.line(
                            "v%d[k][j] = (%s * %s - sum - n * slope) * %s;",
                            g.dx(), text.at(g.dy()), text.at(g.scale()), text.at(g.inverse()));
                    text.line(
                            "if (inside) { v%d[k][j] += %s * n; v%d[k][j] += %s; }",
                            g.dScale(), text.at(g.dy()), g.dBias(), text.at(g.dy()));
                    text.line("}");
                },
                true);
    }
}
