package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// Operators on bfloat16. Their operands are numbers of that type, so that both sides start from the same.
final class RoundedOpCases {
    private RoundedOpCases() {}

    static void addTo(OpCaseList cases) {
        roundedProducts(cases);
        roundedComposites(cases);
    }

    private static void roundedProducts(OpCaseList cases) {
        for (var transA : new boolean[] {false, true}) {
            for (var transB : new boolean[] {false, true}) {
                for (var result : new DType[] {DType.BFLOAT16, DType.FLOAT32}) {
                    var what = "transA %s transB %s to %s".formatted(transA, transB, result.label());
                    cases.one("Gemm", what, f -> {
                        var a = OpCases.half(transA ? f.normal(70, 130) : f.normal(130, 70));
                        var b = OpCases.half(transB ? f.normal(34, 70) : f.normal(70, 34));
                        return OpCases.wide(a.gemm(b, transA, transB, result));
                    });
                }
            }
        }
        cases.one("Gemm", "with a row", f -> {
            var op = new Product.Gemm(false, true, DType.BFLOAT16);
            return OpCases.wide(
                    f.apply(op, OpCases.half(f.normal(130, 70)), OpCases.half(f.normal(34, 70)), f.normal(34))
                            .getFirst());
        });
    }

    private static void roundedComposites(OpCaseList cases) {
        cases.one("Cast", "there and back", f -> OpCases.wide(OpCases.half(f.normal(3, 50))));
        cases.one(
                "Gelu",
                "",
                f -> OpCases.wide(
                        OpCases.half(f.draw(Shape.of(3, 100), x -> 3 * x)).gelu()));
        cases.one("GeluGrad", "", f -> {
            var x = OpCases.half(f.draw(Shape.of(3, 100), v -> 3 * v));
            return OpCases.wide(f.apply(new Activation.GeluGrad(), OpCases.half(f.normal(3, 100)), x)
                    .getFirst());
        });
        sumsAndProducts(cases);
        for (var function : UnaryFunction.values()) {
            if (function.hasGrad()) {
                cases.one(
                        function.label(),
                        "",
                        f -> OpCases.wide(OpCases.half(f.draw(Shape.of(3, 100), v -> 4 * v))
                                .apply(function)));
                cases.one(function.label() + "Grad", "", f -> {
                    var x = OpCases.half(f.draw(Shape.of(3, 100), v -> 4 * v));
                    var v = function.gradReadsResult() ? x.apply(function) : x;
                    return OpCases.wide(f.apply(new Elementwise.UnaryGrad(function), OpCases.half(f.normal(3, 100)), v)
                            .getFirst());
                });
            }
        }
        cases.add("AdamW", "with a copy", RoundedOpCases::adamWWithCopy);
        cases.add("LayerNorm", "", f -> {
            var op = new Norm.LayerNorm(1e-6, DType.BFLOAT16);
            var y = f.apply(op, f.draw(Shape.of(2, 40, 16), x -> 3 + x), f.normal(16), f.normal(16));
            return List.of(OpCases.wide(y.get(0)), y.get(1), y.get(2));
        });
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.of(3, 130, 48))) {
            cases.add("Attention", shape.toString(), f -> {
                var y = f.apply(new SelfAttention.Attention(2), OpCases.half(f.normal(shape)));
                return List.of(OpCases.wide(y.get(0)), y.get(1));
            });
            cases.one("AttentionGrad", shape.toString(), f -> {
                var qkv = OpCases.half(f.normal(shape));
                var y = f.apply(new SelfAttention.Attention(2), qkv);
                var dContext = OpCases.half(f.normal(y.getFirst().shape()));
                return OpCases.wide(f.apply(new SelfAttention.AttentionGrad(2), dContext, qkv, y.get(0), y.get(1))
                        .getFirst());
            });
        }
    }

    private static List<Value> adamWWithCopy(OpCase.Feeds f) {
        var results = f.apply(
                new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.05, true),
                f.draw(Shape.scalar(), x -> 1e-2),
                f.integer(3, 1),
                f.normal(5, 7),
                f.normal(5, 7),
                f.normal(5, 7),
                f.positive(5, 7),
                OpCases.half(f.normal(5, 7)));
        return List.of(results.get(0), results.get(1), results.get(2), OpCases.wide(results.get(3)));
    }

    private static void sumsAndProducts(OpCaseList cases) {
        cases.one(
                "Add",
                "of as many elements",
                f -> OpCases.wide(OpCases.half(f.normal(24)).add(OpCases.half(f.normal(1, 1, 24)))));
        var maps = Shape.of(3, 5, 4, 24);
        for (var other : List.of(
                maps,
                Shape.of(3, 1, 1, 24),
                Shape.of(3, 1, 1, 1),
                Shape.of(1, 5, 4, 24),
                Shape.of(24),
                Shape.scalar(),
                Shape.of(5, 1, 1))) {
            for (var function : List.of(BinaryFunction.ADD, BinaryFunction.MUL)) {
                cases.one(
                        function.label(),
                        "with " + other,
                        f -> OpCases.wide(OpCases.half(f.normal(maps)).apply(function, OpCases.half(f.normal(other)))));
                cases.one(
                        function.label(),
                        other + " with",
                        f -> OpCases.wide(OpCases.half(f.normal(other)).apply(function, OpCases.half(f.normal(maps)))));
            }
        }
    }
}
