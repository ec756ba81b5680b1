package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.function.Function;

/// Formulas of rows, for their definitions: an engine for host cores has no kernels for them.
final class RowsCases {
    private RowsCases() {}

    static void addTo(List<OpCase> cases) {
        cases.add(rows("residual sum and norm", f -> List.of(f.normal(2, 5, 8), f.normal(2, 1, 1), f.normal(8)), x -> {
            var y = x.get(0).add(x.get(0).gelu().mul(x.get(1)));
            var norm = y.graph().apply(new Norm.LayerNorm(1e-6), y, x.get(2), x.get(2));
            return List.of(y, norm.get(0).mul(2), norm.get(1), norm.get(2));
        }));
        cases.add(rows(
                "gradient of a norm",
                f -> List.of(f.normal(6, 12), f.normal(6, 12), f.normal(12), f.normal(6, 1), f.positive(6, 1)),
                x -> {
                    var g = x.getFirst().graph().apply(new Norm.LayerNormGrad(), x);
                    return List.of(g.get(0).add(x.get(1)), g.get(1), g.get(2));
                }));
        cases.add(rows(
                "bfloat16",
                f -> List.of(f.normal(6, 12).cast(DType.BFLOAT16), f.normal(12)),
                x -> List.of(
                        x.get(0).cast(DType.FLOAT32).mul(x.get(1)),
                        x.get(0).cast(DType.FLOAT32).neg().cast(DType.BFLOAT16))));
        cases.add(rows(
                "gradient of gelu",
                f -> List.of(f.normal(3, 4), f.normal(3, 4)),
                x -> x.getFirst().graph().apply(new Activation.GeluGrad(), x)));
        cases.add(new OpCase("ProductRows", "with its product", f -> {
            var product = new Graph("product");
            var operands = List.of(f.normal(6, 5), f.normal(8, 5), f.normal(8));
            var inside = operands.stream()
                    .map(v -> product.input("x" + product.inputs().size(), v.type()))
                    .toList();
            var made = inside.get(0).gemm(inside.get(1), false, true);
            var formula = new Graph("formula");
            var biased = formula.input("x0", made.type())
                    .add(formula.input("x1", inside.get(2).type()));
            formula.output("y0", biased.gelu());
            formula.output("y1", biased.sum(false, 0));
            var results = product.apply(new Rewritten.Rows(formula), made, inside.get(2));
            results.forEach(v -> product.output("y" + v.index(), v));
            product.output("y2", made);
            return f.graph.apply(new Rewritten.ProductRows(product), operands);
        }));
    }

    private static OpCase rows(
            String what, Function<OpCase.Feeds, List<Value>> operands, Function<List<Value>, List<Value>> formula) {
        return new OpCase("Rows", what, feeds -> {
            var graph = new Graph("formula");
            var fed = operands.apply(feeds);
            var inside = fed.stream()
                    .map(v -> graph.input("x" + graph.inputs().size(), v.type()))
                    .toList();
            formula.apply(inside)
                    .forEach(v -> graph.output("y" + graph.outputs().size(), v));
            return feeds.graph.apply(new Rewritten.Rows(graph), fed).stream()
                    .map(v -> v.type().dtype() == DType.FLOAT32 ? v : v.cast(DType.FLOAT32))
                    .toList();
        });
    }
}
