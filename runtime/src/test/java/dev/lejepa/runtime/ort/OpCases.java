package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/// At least one case for every operator, and one for every branch of its lowering.
final class OpCases {
    /// Functions of positive numbers.
    private static final EnumSet<UnaryFunction> POSITIVE =
            EnumSet.of(UnaryFunction.LOG, UnaryFunction.SQRT, UnaryFunction.RECIPROCAL);

    private final List<OpCase> cases = new ArrayList<>();

    private OpCases() {}

    static List<OpCase> all() {
        var all = new OpCases();
        all.elementwise();
        all.activations();
        all.products();
        all.reductions();
        all.layout();
        all.composites();
        all.characteristicFunctions();
        all.orders();
        FusedCases.addTo(all.cases);
        new ImageOpCases(all.cases, DType.FLOAT32).add();
        RowsCases.addTo(all.cases);
        all.crossEntropyAndUpdates();
        return all.cases;
    }

    /// Operators on bfloat16. Their operands are numbers of that type, so that both sides start from the same.
    static List<OpCase> rounded() {
        var all = new OpCases();
        all.roundedProducts();
        all.roundedComposites();
        new ImageOpCases(all.cases, DType.BFLOAT16).add();
        return all.cases;
    }

    private void roundedProducts() {
        for (var transA : new boolean[] {false, true}) {
            for (var transB : new boolean[] {false, true}) {
                for (var result : new DType[] {DType.BFLOAT16, DType.FLOAT32}) {
                    var what = "transA %s transB %s to %s".formatted(transA, transB, result.label());
                    one("Gemm", what, f -> {
                        var a = half(transA ? f.normal(70, 130) : f.normal(130, 70));
                        var b = half(transB ? f.normal(34, 70) : f.normal(70, 34));
                        return wide(a.gemm(b, transA, transB, result));
                    });
                }
            }
        }
        one("Gemm", "with a row", f -> {
            var op = new Product.Gemm(false, true, DType.BFLOAT16);
            return wide(f.apply(op, half(f.normal(130, 70)), half(f.normal(34, 70)), f.normal(34))
                    .getFirst());
        });
    }

    private void roundedComposites() {
        one("Cast", "there and back", f -> wide(half(f.normal(3, 50))));
        one("Gelu", "", f -> wide(half(f.draw(Shape.of(3, 100), x -> 3 * x)).gelu()));
        one("GeluGrad", "", f -> {
            var x = half(f.draw(Shape.of(3, 100), v -> 3 * v));
            return wide(f.apply(new Activation.GeluGrad(), half(f.normal(3, 100)), x)
                    .getFirst());
        });
        sumsAndProducts();
        for (var function : UnaryFunction.values()) {
            if (function.hasGrad()) {
                one(
                        function.label(),
                        "",
                        f -> wide(half(f.draw(Shape.of(3, 100), v -> 4 * v)).apply(function)));
                one(function.label() + "Grad", "", f -> {
                    var x = half(f.draw(Shape.of(3, 100), v -> 4 * v));
                    var v = function.gradReadsResult() ? x.apply(function) : x;
                    return wide(f.apply(new Elementwise.UnaryGrad(function), half(f.normal(3, 100)), v)
                            .getFirst());
                });
            }
        }
        add("AdamW", "with a copy", OpCases::adamWWithCopy);
        add("LayerNorm", "", f -> {
            var op = new Norm.LayerNorm(1e-6, DType.BFLOAT16);
            var y = f.apply(op, f.draw(Shape.of(2, 40, 16), x -> 3 + x), f.normal(16), f.normal(16));
            return List.of(wide(y.get(0)), y.get(1), y.get(2));
        });
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.of(3, 130, 48))) {
            add("Attention", shape.toString(), f -> {
                var y = f.apply(new SelfAttention.Attention(2), half(f.normal(shape)));
                return List.of(wide(y.get(0)), y.get(1));
            });
            one("AttentionGrad", shape.toString(), f -> {
                var qkv = half(f.normal(shape));
                var y = f.apply(new SelfAttention.Attention(2), qkv);
                var dContext = half(f.normal(y.getFirst().shape()));
                return wide(f.apply(new SelfAttention.AttentionGrad(2), dContext, qkv, y.get(0), y.get(1))
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
                half(f.normal(5, 7)));
        return List.of(results.get(0), results.get(1), results.get(2), wide(results.get(3)));
    }

    private void sumsAndProducts() {
        one("Add", "of as many elements", f -> wide(half(f.normal(24)).add(half(f.normal(1, 1, 24)))));
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
                one(
                        function.label(),
                        "with " + other,
                        f -> wide(half(f.normal(maps)).apply(function, half(f.normal(other)))));
                one(
                        function.label(),
                        other + " with",
                        f -> wide(half(f.normal(other)).apply(function, half(f.normal(maps)))));
            }
        }
    }

    private static Value half(Value x) {
        return x.cast(DType.BFLOAT16);
    }

    private static Value wide(Value x) {
        return x.cast(DType.FLOAT32);
    }

    private void activations() {
        for (var function : UnaryFunction.values()) {
            if (function.hasGrad()) {
                add(function.label() + "Grad", "", f -> {
                    var x = f.draw(Shape.of(3, 100), v -> 4 * v);
                    var v = function.gradReadsResult() ? x.apply(function) : x;
                    return f.apply(new Elementwise.UnaryGrad(function), f.normal(3, 100), v);
                });
                one(
                        function.label(),
                        "far from 0",
                        f -> f.draw(Shape.of(40), v -> 60 * v).apply(function));
            }
        }
        one("Clip", "", f -> f.normal(3, 40).clip(-0.5, 1));
        one("Clip", "in a batch", f -> f.normal(Shape.batched(2, 4)).clip(0, 6));
        one("Min", "of a row", f -> f.normal(3, 4).min(f.normal(4)));
        one("Max", "", f -> f.normal(3, 4).max(f.normal(3, 4)));
        one("Pow", "", f -> f.positive(3, 4).pow(f.normal(4)));
        one("Pow", "of a number", f -> f.normal(3, 4).pow(2));
        for (var comparison : Comparison.values()) {
            one(comparison.label(), "", f -> {
                var x = f.draw(Shape.of(3, 40), Math::rint);
                var holds = x.compare(comparison, f.draw(Shape.of(40), Math::rint));
                return holds.cast(DType.FLOAT32);
            });
        }
        one("Where", "", f -> {
            var x = f.normal(3, 4);
            return x.compare(Comparison.LESS, f.normal(4)).where(x, f.normal(3, 1));
        });
    }

    private void elementwise() {
        one("Input", "as an output", f -> f.normal(2, 3));
        add("Input", "as two outputs", f -> {
            var x = f.normal(2, 3);
            return List.of(x, x);
        });
        one("Constant", "as an output", f -> f.graph.constant(Tensor.of(Shape.of(2), 1.5f, -2f)));
        one("Constant", "int64", f -> f.graph.constant(Tensor.of(Shape.of(2), 3L, -2L)));
        for (var function : EnumSet.complementOf(POSITIVE)) {
            one(function.label(), "", f -> f.normal(3, 50).apply(function));
        }
        for (var function : POSITIVE) {
            one(function.label(), "", f -> f.positive(3, 50).apply(function));
        }
        one("StopGradient", "in between", f -> f.normal(2, 3).stopGradient().exp());
        one("StopGradient", "of an input, as an output", f -> f.normal(2, 3).stopGradient());
        one(
                "Barrier",
                "of other sizes",
                f -> f.apply(new Rewritten.Barrier(), f.normal(4, 3, 5), f.normal(7))
                        .getFirst());
        one("Cast", "to float32", f -> f.labels(9, 5).cast(DType.FLOAT32));
        one("Cast", "to int64", f -> f.normal(5).mul(10).cast(DType.INT64));
        one("Add", "of a row", f -> f.normal(3, 4).add(f.normal(4)));
        one("Sub", "of a column", f -> f.normal(3, 4).sub(f.normal(3, 1)));
        one("Mul", "in a batch", f -> f.normal(Shape.batched(2, 4)).mul(f.normal(4)));
        one("Div", "", f -> f.normal(3, 4).div(f.positive(3, 4)));
    }

    private void products() {
        for (var alpha : new double[] {1, 0.125}) {
            for (var transA : new boolean[] {false, true}) {
                for (var transB : new boolean[] {false, true}) {
                    products(transA, transB, alpha);
                }
            }
        }
        one(
                "MatMul",
                "of a batch and a matrix",
                f -> f.normal(Shape.batched(1, 5, 4)).matmul(f.normal(6, 4), false, true, 0.5));
        one(
                "MatMul",
                "of batches",
                f -> f.normal(Shape.batched(1, 2, 5, 4)).matmul(f.normal(Shape.batched(1, 2, 6, 4)), false, true, 0.5));
        one("Gemm", "with a row", f -> f.normal(5, 4).gemm(f.normal(6, 4), false, true, f.normal(6)));
        one("Gemm", "without a row", f -> f.normal(4, 5).gemm(f.normal(4, 6), true, false));
        one("Gemm", "in a batch", f -> f.normal(Shape.batched(5, 4)).gemm(f.normal(6, 4), false, true, f.normal(6)));
    }

    private void products(boolean transA, boolean transB, double alpha) {
        var what = "transA %s transB %s alpha %s, ".formatted(transA, transB, alpha);
        var a = transA ? new long[] {4, 5} : new long[] {5, 4};
        var b = transB ? new long[] {6, 4} : new long[] {4, 6};
        one("MatMul", what + "matrices", f -> f.normal(a).matmul(f.normal(b), transA, transB, alpha));
        one(
                "MatMul",
                what + "stacks",
                f -> f.normal(2, 3, a[0], a[1]).matmul(f.normal(2, 3, b[0], b[1]), transA, transB, alpha));
        one(
                "MatMul",
                what + "stack and matrix",
                f -> f.normal(3, a[0], a[1]).matmul(f.normal(b), transA, transB, alpha));
        one(
                "MatMul",
                what + "matrix and stack",
                f -> f.normal(a).matmul(f.normal(3, b[0], b[1]), transA, transB, alpha));
    }

    private void reductions() {
        int[][] axes = {{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}};
        for (var a : axes) {
            for (var keep : new boolean[] {false, true}) {
                var what = "over %s%s".formatted(java.util.Arrays.toString(a), keep ? ", kept" : "");
                one("ReduceSum", what, f -> f.normal(3, 4, 5).sum(keep, a));
                one("ReduceMax", what, f -> f.normal(3, 4, 5).largest(keep, a));
                one("ReduceMean", what, f -> f.normal(3, 4, 5).mean(keep, a));
            }
        }
        one("ReduceMean", "in a batch", f -> f.normal(Shape.batched(1, 4, 5)).mean(false, 1));
        one("ReduceSum", "in a batch", f -> f.normal(Shape.batched(1, 4, 5)).sum(true, 1, 2));
        one("ReduceSum", "of integers", f -> f.integer(3, 4, 5).sum(false, 0));
    }

    private void layout() {
        one("Reshape", "", f -> f.normal(2, 6).reshape(3, 4));
        one(
                "Reshape",
                "in a batch, rows together",
                f -> f.normal(Shape.batched(1, 5, 4)).reshape(5, 4));
        one(
                "Reshape",
                "in a batch, rows apart",
                f -> f.normal(Shape.batched(5, 4)).reshape(1, 5, 4));
        one("Reshape", "to a scalar", f -> f.normal(1, 1).reshape(Shape.scalar()));
        one("Transpose", "", f -> f.normal(2, 3, 4).transpose(2, 0, 1));
        one("Transpose", "in a batch", f -> f.normal(Shape.batched(1, 3, 4)).transpose(0, 2, 1));
        one("Slice", "", f -> f.normal(3, 7).slice(1, 2, 5));
        one("Slice", "in a batch", f -> f.normal(Shape.batched(1, 7, 2)).slice(1, 1, 7));
        add("Split", "", f -> f.normal(3, 7).split(1, 2, 4, 1));
        one(
                "Split",
                "with one piece used",
                f -> f.normal(3, 7).split(1, 2, 4, 1).get(1));
        one("Gather", "", f -> f.normal(3, 7, 2).gather(1, 6, 0, 0, 3));
        one("Gather", "in a batch", f -> f.normal(Shape.batched(1, 7, 2)).gather(2, 1, 0, 1));
        for (var axis : new int[] {0, 1, 2}) {
            var op = new Movement.GatherGrad(axis, List.of(4L, 0L, 4L), 5);
            one(
                    "GatherGrad",
                    "along axis " + axis,
                    f -> f.apply(op, f.normal(Shape.of(4, 4, 4).with(axis, 3))).getFirst());
        }
        one("Pad", "", f -> f.normal(3, 4).pad(1, 2, 1));
        one("Pad", "in a batch", f -> f.normal(Shape.batched(1, 3, 4)).pad(1, 1, 0));
        one("Concat", "", f -> Value.concat(1, List.of(f.normal(3, 2), f.normal(3, 4))));
        one("Expand", "", f -> f.normal(3, 1).expand(Shape.of(2, 3, 4)));
        one("Expand", "in a batch", f -> f.normal(Shape.batched(1, 1, 4)).expand(Shape.batched(1, 5, 4)));
        one(
                "Expand",
                "to a batch",
                f -> f.normal(1, 2, 4).expand(Shape.batched(1, 2, 4)).add(f.normal(Shape.batched(1, 2, 4))));
        one(
                "Expand",
                "to rows of a batch",
                f -> f.normal(1, 4)
                        .expand(Shape.batched(5, 4))
                        .add(f.normal(Shape.batched(1, 5, 4)).reshape(5, 4)));
    }

    private void composites() {
        one("Softmax", "", f -> f.normal(2, 3, 9).softmax());
        one("Softmax", "over the axis in the middle", f -> f.normal(2, 3, 9).softmax(1));
        one("SoftmaxGrad", "over the axis in the middle", f -> {
            var y = f.normal(2, 3, 9).softmax(1);
            return f.apply(new Activation.SoftmaxGrad(-2), f.normal(2, 3, 9), y).getFirst();
        });
        one(
                "SoftmaxGrad",
                "",
                f -> f.apply(
                                new Activation.SoftmaxGrad(),
                                f.normal(2, 3, 9),
                                f.normal(2, 3, 9).softmax())
                        .getFirst());
        one("Gelu", "", f -> f.draw(Shape.of(3, 100), x -> 3 * x).gelu());
        one(
                "GeluGrad",
                "",
                f -> f.apply(new Activation.GeluGrad(), f.normal(3, 100), f.draw(Shape.of(3, 100), x -> 3 * x))
                        .getFirst());
        one(
                "GeluGrad",
                "far from 0",
                f -> f.apply(new Activation.GeluGrad(), f.normal(3, 100), f.draw(Shape.of(3, 100), x -> 100 * x))
                        .getFirst());
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.batched(1, 7, 12), Shape.of(3, 130, 48))) {
            add("Attention", shape.toString(), f -> f.apply(new SelfAttention.Attention(2), f.normal(shape)));
            add("AttentionGrad", shape.toString(), f -> attentionGrad(f, f.normal(shape)));
        }
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.batched(1, 7, 12))) {
            add("BiasedAttention", shape.toString(), f -> biasedAttention(f, f.normal(shape), f.normal(shape.dim(2))));
        }
        add("BiasedAttentionGrad", "", f -> biasedAttentionGrad(f, f.normal(2, 5, 24)));
        one("Attention", "context alone", f -> f.normal(2, 5, 24).attention(4));
        add("LayerNorm", "all results", f -> layerNorm(f, f.normal(2, 5, 16)));
        one(
                "LayerNorm",
                "one result",
                f -> layerNorm(f, f.normal(Shape.batched(1, 5, 16))).getFirst());
        add("LayerNormGrad", "", f -> layerNormGrad(f, f.normal(2, 5, 16)));
        add("LayerNormGrad", "far from 0", f -> layerNormGrad(f, f.draw(Shape.of(2, 5, 16), x -> 3 + x)));
        one(
                "LayerNormGrad",
                "of the operand alone",
                f -> layerNormGrad(f, f.normal(2, 5, 16)).getFirst());
        add("BatchNorm", "", f -> batchNorm(f, f.draw(Shape.of(12, 5), x -> 3 + 2 * x)));
        add("BatchNormGrad", "", f -> {
            var x = f.draw(Shape.of(12, 5), v -> 3 + 2 * v);
            var y = batchNorm(f, x);
            return f.apply(new Norm.BatchNormGrad(), f.normal(12, 5), x, f.normal(5), y.get(3), y.get(4));
        });
    }

    private static List<Value> attentionGrad(OpCase.Feeds f, Value qkv) {
        var forward = f.apply(new SelfAttention.Attention(2), qkv);
        var dContext = f.normal(forward.getFirst().shape());
        return f.apply(new SelfAttention.AttentionGrad(2), dContext, qkv, forward.get(0), forward.get(1));
    }

    private static List<Value> biasedAttention(OpCase.Feeds f, Value qkv, Value bias) {
        return f.apply(new Rewritten.BiasedAttention(2), qkv, bias);
    }

    private static List<Value> biasedAttentionGrad(OpCase.Feeds f, Value qkv) {
        var bias = f.normal(qkv.dim(2));
        var forward = biasedAttention(f, qkv, bias);
        var dContext = f.normal(forward.getFirst().shape()).cast(qkv.type().dtype());
        return f.apply(new Rewritten.BiasedAttentionGrad(2), dContext, qkv, bias, forward.get(0), forward.get(1));
    }

    /// Operators on bfloat16 that CUDA alone has kernels for, of widths that these take.
    static List<OpCase> roundedOnCuda() {
        var all = new OpCases();
        all.add("BiasedAttention", "", f -> {
            var y = biasedAttention(f, half(f.normal(2, 5, 96)), f.normal(96));
            return List.of(wide(y.get(0)), y.get(1));
        });
        all.add("BiasedAttentionGrad", "", f -> {
            var gradients = biasedAttentionGrad(f, half(f.normal(2, 5, 96)));
            return List.of(wide(gradients.get(0)), gradients.get(1));
        });
        var maps = new ArrayList<OpCase>();
        new ImageOpCases(maps, DType.BFLOAT16).add();
        maps.stream()
                .filter(c ->
                        c.what().contains(ImageLayout.NHWC.name()) && !c.what().endsWith(OpCase.NOT_CUDA_KERNELS))
                .forEach(all.cases::add);
        return all.cases;
    }

    private static List<Value> layerNorm(OpCase.Feeds f, Value x) {
        return f.apply(new Norm.LayerNorm(1e-6), x, f.normal(16), f.normal(16));
    }

    private static List<Value> layerNormGrad(OpCase.Feeds f, Value x) {
        var scale = f.normal(16);
        var y = f.apply(new Norm.LayerNorm(1e-6), x, scale, f.normal(16));
        return f.apply(new Norm.LayerNormGrad(), f.normal(x.shape()), x, scale, y.get(1), y.get(2));
    }

    private static List<Value> batchNorm(OpCase.Feeds f, Value x) {
        return f.apply(new Norm.BatchNorm(1e-5, 0.1), x, f.normal(5), f.normal(5), f.normal(5), f.positive(5));
    }

    private void characteristicFunctions() {
        var step = 3.0 / 16;
        for (var knots : new int[] {3, 17, 41}) {
            add("Ecf", knots + " knots", f -> f.apply(new Statistic.Ecf(knots, step), f.normal(2, 20, 6)));
            add(
                    "EcfGrad",
                    knots + " knots",
                    f -> f.apply(
                            new Statistic.EcfGrad(knots, step),
                            f.normal(2, knots, 6),
                            f.normal(2, knots, 6),
                            f.normal(2, 20, 6)));
        }
        add(
                "Ecf",
                "of collapsed samples",
                f -> f.apply(new Statistic.Ecf(17, step), f.draw(Shape.of(20, 6), x -> 0.001 * x)));
        add(
                "EcfGrad",
                "of collapsed samples",
                f -> f.apply(
                        new Statistic.EcfGrad(17, step),
                        f.normal(17, 6),
                        f.normal(17, 6),
                        f.draw(Shape.of(20, 6), x -> 0.001 * x)));
        add("Ecf", "of large samples", f -> f.apply(new Statistic.Ecf(17, step), f.draw(Shape.of(20, 6), x -> 30 * x)));
        add(
                "EcfGrad",
                "of one sample",
                f -> f.apply(new Statistic.EcfGrad(17, step), f.normal(17, 6), f.normal(17, 6), f.normal(1, 6)));
    }

    /// Columns of 16 and more neighbours, and a rest. Where values are equal `TopK` may give another permutation, so
    /// those cases look at the values alone.
    private void orders() {
        for (var scale : List.of(1.0, 4.0, 10.0)) {
            one(
                    "LogNdtr",
                    "scaled by %s".formatted(scale),
                    f -> f.draw(Shape.of(3, 100), x -> scale * x).logNdtr());
        }
        for (var shape : List.of(Shape.of(9, 5), Shape.of(40, 16), Shape.of(2, 3, 33, 21), Shape.of(1, 4))) {
            add("Sort", "of " + shape, f -> f.apply(new Statistic.Sort(), f.normal(shape)));
            one("Unsort", "of " + shape, f -> {
                var permutation = f.apply(new Statistic.Sort(), f.normal(shape)).get(1);
                return f.apply(new Statistic.Unsort(), f.normal(shape), permutation)
                        .getFirst();
            });
        }
        one(
                "Sort",
                "with equal values",
                f -> f.draw(Shape.of(2, 50, 6), Math::rint).sort());
        one("Unsort", "of the values themselves, some equal", f -> {
            var sorted = f.apply(new Statistic.Sort(), f.draw(Shape.of(50, 6), Math::rint));
            return f.apply(new Statistic.Unsort(), sorted.get(0), sorted.get(1)).getFirst();
        });
    }

    private void crossEntropyAndUpdates() {
        add("SoftmaxCrossEntropy", "", f -> f.apply(new Loss.SoftmaxCrossEntropy(), f.normal(8, 5), f.labels(5, 8)));
        one("SoftmaxCrossEntropyGrad", "", f -> {
            var labels = f.labels(5, 8);
            var y = f.apply(new Loss.SoftmaxCrossEntropy(), f.normal(8, 5), labels);
            return f.apply(new Loss.SoftmaxCrossEntropyGrad(), f.normal(Shape.scalar()), y.get(1), labels)
                    .getFirst();
        });
        for (var step : new long[] {1, 2, 1000}) {
            add("AdamW", "at step " + step, f -> adamW(f, step));
        }
        add("Updates", "", OpCases::updates);
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
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }

    private void one(String op, String what, Function<OpCase.Feeds, Value> build) {
        add(op, what, f -> List.of(build.apply(f)));
    }

    private void add(String op, String what, Function<OpCase.Feeds, List<Value>> build) {
        cases.add(new OpCase(op, what, build));
    }
}
