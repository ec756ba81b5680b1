package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.List;

/// Reductions, and what moves elements.
final class LayoutOpCases {
    private LayoutOpCases() {}

    static void addTo(OpCaseList cases) {
        reductions(cases);
        layout(cases);
    }

    private static void reductions(OpCaseList cases) {
        int[][] axes = {{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}};
        for (var a : axes) {
            for (var keep : new boolean[] {false, true}) {
                var what = "over %s%s".formatted(Arrays.toString(a), keep ? ", kept" : "");
                cases.one("ReduceSum", what, f -> f.normal(3, 4, 5).sum(keep, a));
                cases.one("ReduceMax", what, f -> f.normal(3, 4, 5).largest(keep, a));
                cases.one("ReduceMean", what, f -> f.normal(3, 4, 5).mean(keep, a));
            }
        }
        cases.one(
                "ReduceMean",
                "in a batch",
                f -> f.normal(Shape.batched(1, 4, 5)).mean(false, 1));
        cases.one(
                "ReduceSum", "in a batch", f -> f.normal(Shape.batched(1, 4, 5)).sum(true, 1, 2));
        cases.one("ReduceSum", "of integers", f -> f.integer(3, 4, 5).sum(false, 0));
    }

    private static void layout(OpCaseList cases) {
        cases.one("Reshape", "", f -> f.normal(2, 6).reshape(3, 4));
        cases.one(
                "Reshape",
                "in a batch, rows together",
                f -> f.normal(Shape.batched(1, 5, 4)).reshape(5, 4));
        cases.one(
                "Reshape",
                "in a batch, rows apart",
                f -> f.normal(Shape.batched(5, 4)).reshape(1, 5, 4));
        cases.one("Reshape", "to a scalar", f -> f.normal(1, 1).reshape(Shape.scalar()));
        cases.one("Transpose", "", f -> f.normal(2, 3, 4).transpose(2, 0, 1));
        cases.one(
                "Transpose", "in a batch", f -> f.normal(Shape.batched(1, 3, 4)).transpose(0, 2, 1));
        cases.one("Slice", "", f -> f.normal(3, 7).slice(1, 2, 5));
        cases.one("Slice", "in a batch", f -> f.normal(Shape.batched(1, 7, 2)).slice(1, 1, 7));
        cases.add("Split", "", f -> f.normal(3, 7).split(1, 2, 4, 1));
        cases.one(
                "Split",
                "with one piece used",
                f -> f.normal(3, 7).split(1, 2, 4, 1).get(1));
        cases.one("Gather", "", f -> f.normal(3, 7, 2).gather(1, 6, 0, 0, 3));
        cases.one("Gather", "in a batch", f -> f.normal(Shape.batched(1, 7, 2)).gather(2, 1, 0, 1));
        for (var axis : new int[] {0, 1, 2}) {
            var op = new Movement.GatherGrad(axis, List.of(4L, 0L, 4L), 5);
            cases.one(
                    "GatherGrad",
                    "along axis " + axis,
                    f -> f.apply(op, f.normal(Shape.of(4, 4, 4).with(axis, 3))).getFirst());
        }
        cases.one("Pad", "", f -> f.normal(3, 4).pad(1, 2, 1));
        cases.one("Pad", "in a batch", f -> f.normal(Shape.batched(1, 3, 4)).pad(1, 1, 0));
        cases.one("Concat", "", f -> Value.concat(1, List.of(f.normal(3, 2), f.normal(3, 4))));
        cases.one("Expand", "", f -> f.normal(3, 1).expand(Shape.of(2, 3, 4)));
        cases.one("Expand", "in a batch", f -> f.normal(Shape.batched(1, 1, 4)).expand(Shape.batched(1, 5, 4)));
        cases.one(
                "Expand",
                "to a batch",
                f -> f.normal(1, 2, 4).expand(Shape.batched(1, 2, 4)).add(f.normal(Shape.batched(1, 2, 4))));
        cases.one(
                "Expand",
                "to rows of a batch",
                f -> f.normal(1, 4)
                        .expand(Shape.batched(5, 4))
                        .add(f.normal(Shape.batched(1, 5, 4)).reshape(5, 4)));
    }
}
