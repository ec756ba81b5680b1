package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.UnaryFunction;
import java.util.EnumSet;
import java.util.List;

/// Functions of elements, comparisons and what passes values on.
final class ElementOpCases {
    /// Functions of positive numbers.
    private static final EnumSet<UnaryFunction> POSITIVE =
            EnumSet.of(UnaryFunction.LOG, UnaryFunction.SQRT, UnaryFunction.RECIPROCAL);

    private ElementOpCases() {}

    static void addTo(OpCaseList cases) {
        elementwise(cases);
        activations(cases);
    }

    private static void activations(OpCaseList cases) {
        for (var function : UnaryFunction.values()) {
            if (function.hasGrad()) {
                cases.add(function.label() + "Grad", "", f -> {
                    var x = f.draw(Shape.of(3, 100), v -> 4 * v);
                    var v = function.gradReadsResult() ? x.apply(function) : x;
                    return f.apply(new Elementwise.UnaryGrad(function), f.normal(3, 100), v);
                });
                cases.one(
                        function.label(),
                        "far from 0",
                        f -> f.draw(Shape.of(40), v -> 60 * v).apply(function));
            }
        }
        cases.one("Clip", "", f -> f.normal(3, 40).clip(-0.5, 1));
        cases.one("Clip", "in a batch", f -> f.normal(Shape.batched(2, 4)).clip(0, 6));
        cases.one("Min", "of a row", f -> f.normal(3, 4).min(f.normal(4)));
        cases.one("Max", "", f -> f.normal(3, 4).max(f.normal(3, 4)));
        cases.one("Pow", "", f -> f.positive(3, 4).pow(f.normal(4)));
        cases.one("Pow", "of a number", f -> f.normal(3, 4).pow(2));
        for (var comparison : Comparison.values()) {
            cases.one(comparison.label(), "", f -> {
                var x = f.draw(Shape.of(3, 40), Math::rint);
                var holds = x.compare(comparison, f.draw(Shape.of(40), Math::rint));
                return holds.cast(DType.FLOAT32);
            });
        }
        cases.one("Where", "", f -> {
            var x = f.normal(3, 4);
            return x.compare(Comparison.LESS, f.normal(4)).where(x, f.normal(3, 1));
        });
    }

    private static void elementwise(OpCaseList cases) {
        cases.one("Input", "as an output", f -> f.normal(2, 3));
        cases.add("Input", "as two outputs", f -> {
            var x = f.normal(2, 3);
            return List.of(x, x);
        });
        cases.one("Constant", "as an output", f -> f.graph.constant(Tensor.of(Shape.of(2), 1.5f, -2f)));
        cases.one("Constant", "int64", f -> f.graph.constant(Tensor.of(Shape.of(2), 3L, -2L)));
        for (var function : EnumSet.complementOf(POSITIVE)) {
            cases.one(function.label(), "", f -> f.normal(3, 50).apply(function));
        }
        for (var function : POSITIVE) {
            cases.one(function.label(), "", f -> f.positive(3, 50).apply(function));
        }
        cases.one(
                "StopGradient", "in between", f -> f.normal(2, 3).stopGradient().exp());
        cases.one(
                "StopGradient", "of an input, as an output", f -> f.normal(2, 3).stopGradient());
        cases.one(
                "Barrier",
                "of other sizes",
                f -> f.apply(new Rewritten.Barrier(), f.normal(4, 3, 5), f.normal(7))
                        .getFirst());
        cases.one("Cast", "to float32", f -> f.labels(9, 5).cast(DType.FLOAT32));
        cases.one("Cast", "to int64", f -> f.normal(5).mul(10).cast(DType.INT64));
        cases.one("Add", "of a row", f -> f.normal(3, 4).add(f.normal(4)));
        cases.one("Sub", "of a column", f -> f.normal(3, 4).sub(f.normal(3, 1)));
        cases.one("Mul", "in a batch", f -> f.normal(Shape.batched(2, 4)).mul(f.normal(4)));
        cases.one("Div", "", f -> f.normal(3, 4).div(f.positive(3, 4)));
    }
}
