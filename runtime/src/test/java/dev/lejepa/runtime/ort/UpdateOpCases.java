package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Cross-entropy, and updates of weights.
final class UpdateOpCases {
    private UpdateOpCases() {}

    static void addTo(OpCaseList cases) {
        crossEntropyAndUpdates(cases);
    }

    private static void crossEntropyAndUpdates(OpCaseList cases) {
        cases.add(
                "SoftmaxCrossEntropy",
                "",
                f -> f.apply(new Loss.SoftmaxCrossEntropy(), f.normal(8, 5), f.labels(5, 8)));
        cases.one("SoftmaxCrossEntropyGrad", "", f -> {
            var labels = f.labels(5, 8);
            var y = f.apply(new Loss.SoftmaxCrossEntropy(), f.normal(8, 5), labels);
            return f.apply(new Loss.SoftmaxCrossEntropyGrad(), f.normal(Shape.scalar()), y.get(1), labels)
                    .getFirst();
        });
        for (var step : new long[] {1, 2, 1000}) {
            cases.add("AdamW", "at step " + step, f -> adamW(f, step));
        }
        cases.add("Updates", "", UpdateOpCases::updates);
    }

    private static List<Value> updates(OpCase.Feeds f) {
        var formula = new Graph("updates");
        var lr = formula.input("lr", Type.f32());
        var step = formula.input("step", Type.i64(1));
        var operands = new ArrayList<>(List.of(f.draw(Shape.scalar(), x -> 1e-2), f.integer(3, 1)));
        for (var shape : List.of(Shape.of(5, 7), Shape.of(3))) {
            var inside = new ArrayList<>(List.of(lr, step));
            for (var label : List.of("w", "dw", "m", "v")) {
                inside.add(formula.input(label + operands.size(), Type.f32(shape)));
                operands.add(label.equals("v") ? f.positive(shape.dims()) : f.normal(shape));
            }
            var results = formula.apply(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.05), inside);
            results.forEach(v -> formula.output("y" + formula.outputs().size(), v));
        }
        return f.apply(new Rewritten.Updates(formula), operands.toArray(Value[]::new));
    }

    /// Two weights of two groups share learning rate and step. One is computed in several pieces.
    private static List<Value> adamW(OpCase.Feeds f, long step) {
        var lr = f.draw(Shape.scalar(), x -> 1e-2);
        var count = f.integer(step, 1);
        var first = f.apply(
                new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.05),
                lr,
                count,
                f.normal(300, 257),
                f.normal(300, 257),
                f.normal(300, 257),
                f.positive(300, 257));
        var second = f.apply(
                new Optimizer.AdamW(0.9, 0.95, 1e-8, 0),
                lr,
                count,
                f.normal(Shape.scalar()),
                f.normal(Shape.scalar()),
                f.normal(Shape.scalar()),
                f.positive());
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
