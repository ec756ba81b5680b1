package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// At least one case for every operator, and one for every branch of its lowering.
final class OpCases {
    private final OpCaseList cases = new OpCaseList(new ArrayList<>());

    private OpCases() {}

    static List<OpCase> all() {
        var all = new OpCases();
        ElementOpCases.addTo(all.cases);
        ProductOpCases.addTo(all.cases);
        LayoutOpCases.addTo(all.cases);
        all.composites();
        StatisticOpCases.addTo(all.cases);
        FusedCases.addTo(all.cases.list());
        new ImageOpCases(all.cases.list(), DType.FLOAT32).add();
        RowsCases.addTo(all.cases.list());
        UpdateOpCases.addTo(all.cases);
        return all.cases.list();
    }

    /// Operators on bfloat16.
    static List<OpCase> rounded() {
        var all = new OpCases();
        RoundedOpCases.addTo(all.cases);
        new ImageOpCases(all.cases.list(), DType.BFLOAT16).add();
        return all.cases.list();
    }

    static Value half(Value x) {
        return x.cast(DType.BFLOAT16);
    }

    static Value wide(Value x) {
        return x.cast(DType.FLOAT32);
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
        for (var shape :
                List.of(Shape.of(2, 5, 24), Shape.batched(1, 7, 12), Shape.of(3, 130, 48), Shape.of(2, 7, 96))) {
            add("Attention", shape.toString(), f -> f.apply(new SelfAttention.Attention(2), f.normal(shape)));
            add("AttentionGrad", shape.toString(), f -> attentionGrad(f, f.normal(shape)));
        }
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.batched(1, 7, 12), Shape.of(2, 7, 96))) {
            add("BiasedAttention", shape.toString(), f -> biasedAttention(f, f.normal(shape), f.normal(shape.dim(2))));
        }
        for (var shape : List.of(Shape.of(2, 5, 24), Shape.of(2, 7, 96))) {
            add("BiasedAttentionGrad", shape.toString(), f -> biasedAttentionGrad(f, f.normal(shape)));
        }
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
        // Few heads of each kind of width, and as many as have kernels of their own on sm_90.
        for (var shape : List.of(Shape.of(2, 5, 96), Shape.of(2, 5, 30), Shape.of(2, 5, 780), Shape.of(200, 5, 384))) {
            all.add("BiasedAttention", shape.toString(), f -> {
                var y = biasedAttention(f, half(f.normal(shape)), f.normal(shape.dim(2)));
                return List.of(wide(y.get(0)), y.get(1));
            });
            all.add("BiasedAttentionGrad", shape.toString(), f -> {
                var gradients = biasedAttentionGrad(f, half(f.normal(shape)));
                return List.of(wide(gradients.get(0)), gradients.get(1));
            });
        }
        var maps = new ArrayList<OpCase>();
        new ImageOpCases(maps, DType.BFLOAT16).add();
        maps.stream()
                .filter(c ->
                        c.what().contains(ImageLayout.NHWC.name()) && !c.what().endsWith(OpCase.NOT_CUDA_KERNELS))
                .forEach(all.cases.list()::add);
        return all.cases.list();
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

    private void one(String op, String what, Function<OpCase.Feeds, Value> build) {
        cases.one(op, what, build);
    }

    private void add(String op, String what, Function<OpCase.Feeds, List<Value>> build) {
        cases.add(op, what, build);
    }
}
