package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import java.util.List;

/// Characteristic functions, sorting and the normal law.
final class StatisticOpCases {
    private StatisticOpCases() {}

    static void addTo(OpCaseList cases) {
        characteristicFunctions(cases);
        orders(cases);
    }

    private static void characteristicFunctions(OpCaseList cases) {
        var step = 3.0 / 16;
        for (var knots : new int[] {3, 17, 41}) {
            cases.add("Ecf", knots + " knots", f -> f.apply(new Statistic.Ecf(knots, step), f.normal(2, 20, 6)));
            cases.add(
                    "EcfGrad",
                    knots + " knots",
                    f -> f.apply(
                            new Statistic.EcfGrad(knots, step),
                            f.normal(2, knots, 6),
                            f.normal(2, knots, 6),
                            f.normal(2, 20, 6)));
        }
        cases.add(
                "Ecf",
                "of collapsed samples",
                f -> f.apply(new Statistic.Ecf(17, step), f.draw(Shape.of(20, 6), x -> 0.001 * x)));
        cases.add(
                "EcfGrad",
                "of collapsed samples",
                f -> f.apply(
                        new Statistic.EcfGrad(17, step),
                        f.normal(17, 6),
                        f.normal(17, 6),
                        f.draw(Shape.of(20, 6), x -> 0.001 * x)));
        cases.add(
                "Ecf",
                "of large samples",
                f -> f.apply(new Statistic.Ecf(17, step), f.draw(Shape.of(20, 6), x -> 30 * x)));
        cases.add(
                "EcfGrad",
                "of one sample",
                f -> f.apply(new Statistic.EcfGrad(17, step), f.normal(17, 6), f.normal(17, 6), f.normal(1, 6)));
    }

    /// Columns of 16 and more neighbours, and a rest. Where values are equal `TopK` may give another permutation, so
    /// those cases look at the values alone.
    private static void orders(OpCaseList cases) {
        for (var scale : List.of(1.0, 4.0, 10.0)) {
            cases.one(
                    "LogNdtr",
                    "scaled by %s".formatted(scale),
                    f -> f.draw(Shape.of(3, 100), x -> scale * x).logNdtr());
        }
        for (var shape : List.of(Shape.of(9, 5), Shape.of(40, 16), Shape.of(2, 3, 33, 21), Shape.of(1, 4))) {
            cases.add("Sort", "of " + shape, f -> f.apply(new Statistic.Sort(), f.normal(shape)));
            cases.one("Unsort", "of " + shape, f -> {
                var permutation = f.apply(new Statistic.Sort(), f.normal(shape)).get(1);
                return f.apply(new Statistic.Unsort(), f.normal(shape), permutation)
                        .getFirst();
            });
        }
        cases.one(
                "Sort",
                "with equal values",
                f -> f.draw(Shape.of(2, 50, 6), Math::rint).sort());
        cases.one("Unsort", "of the values themselves, some equal", f -> {
            var sorted = f.apply(new Statistic.Sort(), f.draw(Shape.of(50, 6), Math::rint));
            return f.apply(new Statistic.Unsort(), sorted.get(0), sorted.get(1)).getFirst();
        });
    }
}
