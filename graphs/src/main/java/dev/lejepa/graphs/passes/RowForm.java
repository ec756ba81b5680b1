package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Prepares a graph for [RowFusion]: what a formula of rows may hold computes in float32 and rounds by itself, and what
/// costs next to nothing in registers is made anew for each reader, so that it keeps no two formulas apart: operands
/// widened to float32, and biases of products and of convolutions of maps `[N, H, W, C]`, which are added where the
/// result is read. (ONNX Runtime's own product with a bias fills the result with it first and reads it back.)
final class RowForm {
    private final Graph source;
    private final Graph target;
    private final Map<Value, Value> replacements = new HashMap<>();
    /// Values of the old graph that are another one in float32.
    private final Map<Value, Value> widened = new HashMap<>();
    /// Biases that values of the new graph still lack.
    private final Map<Value, Value> biases = new HashMap<>();
    /// Values of the old graph as nodes read them that are in no formula.
    private final Map<Value, Value> plain = new HashMap<>();

    private RowForm(Graph source) {
        this.source = source;
        this.target = new Graph(source.name());
    }

    static Graph of(Graph graph) {
        var pass = new RowForm(Verifier.verify(graph));
        graph.inputs().forEach((label, v) -> pass.replacements.put(v, pass.target.input(label, v.type())));
        for (var n : graph.nodes()) {
            if (!graph.inputs().containsValue(n.outputs().getFirst())) {
                pass.target.at(n.scope(), "", () -> {
                    pass.replay(n);
                    return n;
                });
            }
        }
        pass.source.outputs().forEach((label, v) -> pass.target.output(label, pass.plain(v)));
        return DeadValues.remove(pass.target);
    }

    private void replay(Node n) {
        switch (n.op()) {
            case Product.Gemm _ when isSum(n) -> sum(n, n.inputs().get(1));
            case Reduction.ReduceSum s
            when s.axes().equals(List.of(0))
                    && n.inputs().getFirst().shape().rank() == 2
                    && origin(n.inputs().getFirst()).isPresent() ->
                sum(n, n.inputs().getFirst());
            case Product.Gemm g when RowOps.isRows(n.output().type()) -> gemm(n, g);
            case Convolution.Conv c
            when n.inputs().size() == 3
                    && c.layout() == ImageLayout.NHWC
                    && RowOps.isRows(n.output().type()) -> conv(n, c);
            case Movement.Reshape r
            when isUnfinished(n.inputs().getFirst())
                    && n.output().dim(-1) == n.inputs().getFirst().dim(-1) -> {
                var product = replacement(n.inputs().getFirst());
                var view = target.apply(r, product);
                put(n, view);
                Optional.ofNullable(biases.get(product)).ifPresent(b -> biases.put(view.getFirst(), b));
            }
            case Elementwise.Cast c
            when c.to() == DType.FLOAT32 && RowOps.fits(n) ->
                widened.put(n.output(), n.inputs().getFirst());
            case Elementwise.Cast c
            when RowOps.fits(n) -> put(n, List.of(wide(n.inputs().getFirst()).cast(c.to())));
            case Op op when RowOps.fits(n) -> fitting(n, op);
            case Op op ->
                put(n, target.apply(op, n.inputs().stream().map(this::plain).toList()));
        }
    }

    /// Whether a product is the sum over rows of what a formula makes.
    private static boolean isSum(Node n) {
        return RowOps.isProductWithOnes(n) && origin(n.inputs().get(1)).isPresent();
    }

    /// The rows that a matrix is a view of, if a formula makes them.
    private static Optional<Value> origin(Value matrix) {
        var v = matrix;
        while (v.node().op() instanceof Movement.Reshape
                && v.node().inputs().getFirst().dim(-1) == v.dim(-1)) {
            v = v.node().inputs().getFirst();
        }
        return Optional.of(v).filter(r -> RowOps.fits(r.node()) && r.equals(RowOps.rows(r.node())));
    }

    private void sum(Node n, Value matrix) {
        var rows = wide(origin(matrix).orElseThrow());
        var sum = target.apply(RowOps.overRows(rows.type()), rows).getFirst();
        put(n, List.of(sum.reshape(n.output().shape())));
    }

    /// A product has the type of its operands.
    private void gemm(Node n, Product.Gemm g) {
        var a = plain(n.inputs().get(0));
        var b = plain(n.inputs().get(1));
        var product =
                target.apply(new Product.Gemm(g.transA(), g.transB(), a.type().dtype()), a, b);
        put(n, product);
        if (n.inputs().size() == 3) {
            biases.put(product.getFirst(), plain(n.inputs().get(2)));
        }
    }

    private void conv(Node n, Convolution.Conv c) {
        var maps = target.apply(c, plain(n.inputs().get(0)), plain(n.inputs().get(1)));
        put(n, maps);
        biases.put(maps.getFirst(), plain(n.inputs().get(2)));
    }

    private void fitting(Node n, Op op) {
        var inFloat = op instanceof Norm.LayerNorm norm ? new Norm.LayerNorm(norm.epsilon()) : op;
        var results = target.apply(inFloat, n.inputs().stream().map(this::wide).toList());
        put(n, results);
        if (n.outputs().getFirst().type().dtype() == DType.BFLOAT16) {
            replacements.put(n.outputs().getFirst(), results.getFirst().cast(DType.BFLOAT16));
        }
    }

    private void put(Node old, List<Value> results) {
        for (var i = 0; i < results.size(); i++) {
            replacements.put(old.outputs().get(i), results.get(i));
        }
    }

    private Value replacement(Value old) {
        return replacements.getOrDefault(widened.getOrDefault(old, old), old);
    }

    /// Whether what stands for a value lacks its bias or its type.
    private boolean isUnfinished(Value old) {
        var v = replacement(old);
        return widened.containsKey(old)
                || biases.containsKey(v)
                || !v.type().dtype().equals(old.type().dtype());
    }

    /// A value as a formula reads it.
    private Value wide(Value old) {
        var v = replacement(old);
        var bias = biases.get(v);
        var inFloat = v.type().dtype() == DType.FLOAT32 ? v : v.cast(DType.FLOAT32);
        return bias == null ? inFloat : inFloat.add(bias);
    }

    /// A value as all other nodes read it.
    private Value plain(Value old) {
        return plain.computeIfAbsent(old, v -> {
            if (!isUnfinished(v)) {
                return replacement(v);
            }
            var inFloat = wide(v);
            return v.type().dtype() == DType.FLOAT32
                    ? inFloat
                    : inFloat.cast(v.type().dtype());
        });
    }
}
