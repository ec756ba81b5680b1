package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.function.Function;

/// Formulas over columns: every elementary operator, every way to broadcast, rows longer and shorter than what is
/// computed at a time, and more rows than fit one block.
final class FusedCases {
    private static final List<Shape> SHAPES = List.of(
            Shape.of(7, 1300), // rows in parts, the last one shorter
            Shape.of(3, 40, 20), // several rows at a time
            Shape.of(2, 3, 33, 7), // groups of two axes
            Shape.of(900, 50), // blocks of rows, the last one shorter
            Shape.of(50, 1)); // one column

    private FusedCases() {}

    static void addTo(List<OpCase> cases) {
        var elementary = List.<Function<Value, Value>>of(
                Value::neg,
                Value::exp,
                x -> x.abs().add(0.1).log(),
                x -> x.abs().sqrt(),
                x -> x.abs().add(0.1).reciprocal(),
                Value::erf,
                Value::relu,
                Value::sign,
                Value::sin,
                x -> x.mul(64).cos(),
                Value::logNdtr,
                Value::sigmoid,
                Value::tanh,
                Value::silu,
                Value::hardSigmoid,
                Value::hardSwish,
                x -> x.min(x.neg()).add(x.max(x.mul(2))),
                x -> x.abs().add(0.1).pow(x),
                x -> x.mul(x).sub(x).div(x.abs().add(1)));
        for (var i = 0; i < elementary.size(); i++) {
            var f = elementary.get(i);
            cases.add(ofOne("elementary %d".formatted(i), Shape.of(20, 30), x -> List.of(f.apply(x))));
        }
        for (var shape : SHAPES) {
            cases.add(ofOne("sums of " + shape, shape, FusedCases::sums));
            cases.add(broadcast(shape));
        }
    }

    /// A value that is a result and goes on, and sums of several values.
    private static List<Value> sums(Value x) {
        var square = x.square();
        return List.of(
                square,
                square.mul(x).sum(false, -2),
                x.mean(true, -2),
                square.exp().neg().mean(false, -2));
    }

    private static OpCase ofOne(String what, Shape shape, Function<Value, List<Value>> f) {
        return new OpCase("Fused", what, feeds -> {
            var x = feeds.normal(shape);
            var formula = new Graph("formula");
            var results = f.apply(formula.input("x0", x.type()));
            results.forEach(r -> formula.output("y" + formula.outputs().size(), r));
            return feeds.apply(new Rewritten.Fused(formula), x);
        });
    }

    private static OpCase broadcast(Shape shape) {
        return new OpCase("Fused", "operands spread to " + shape, feeds -> {
            var rank = shape.rank();
            var rows = shape.dim(-2);
            var columns = shape.dim(-1);
            var ofGroup = shape.with(rank - 1, 1).with(rank - 2, 1);
            var operands = List.of(
                    feeds.normal(shape),
                    feeds.normal(rows, 1),
                    feeds.normal(shape.with(rank - 2, 1)),
                    feeds.normal(columns),
                    feeds.normal(ofGroup),
                    feeds.normal(Shape.scalar()));
            var formula = new Graph("formula");
            operands.forEach(v -> formula.input("x" + formula.inputs().size(), v.type()));
            var sum = formula.inputs().values().stream().reduce(Value::add).orElseThrow();
            formula.output("y0", sum);
            formula.output("y1", sum.mul(3).mean(true, -2));
            return feeds.graph.apply(new Rewritten.Fused(formula), operands);
        });
    }
}
