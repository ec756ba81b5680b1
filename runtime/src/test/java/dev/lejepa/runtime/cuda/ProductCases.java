package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.ProductFusion;
import dev.lejepa.graphs.passes.RowFusion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Graphs that become a product with a formula each, with operands.
final class ProductCases {
    private ProductCases() {}

    /// @param graph of one product and its formula
    record Case(String what, Graph graph, ProductFormula formula, Map<String, NdArray> operands) {
        Rewritten.ProductRows op() {
            return (Rewritten.ProductRows) node().op();
        }

        Node node() {
            return graph.nodes().stream()
                    .filter(n -> n.op() instanceof Rewritten.ProductRows)
                    .findFirst()
                    .orElseThrow();
        }

        List<Value> inputs() {
            return node().inputs();
        }

        ProductShape shape() {
            return ProductShape.of(dims(0), dims(1), formula.transB());
        }

        long[] dims(int input) {
            return inputs().get(input).shape().dims();
        }

        List<Boolean> isRow() {
            return inputs().subList(1, inputs().size()).stream()
                    .map(v -> v.shape().rank() == 1)
                    .toList();
        }
    }

    /// With a bias, as a ViT's first product of a perceptron.
    static Case gelu(long rows, long columns, long depth, boolean kept) {
        var b = new Builder("gelu of %d x %d x %d".formatted(rows, columns, depth));
        var product = b.graph
                .apply(
                        new Product.Gemm(false, true, DType.BFLOAT16),
                        b.half(1, rows, depth),
                        b.half(2 / Math.sqrt(depth), columns, depth),
                        b.graph.input("bias", Type.f32(columns)))
                .getFirst();
        b.feed("bias", 1, columns);
        b.graph.output("y", b.graph.apply(new Activation.Gelu(), product).getFirst());
        if (kept) {
            b.graph.output(
                    "dx",
                    b.graph
                            .apply(new Activation.GeluGrad(), b.half(1, rows, columns), product)
                            .getFirst());
        }
        return b.build();
    }

    /// Of a product that is a gradient, with the sum that is the bias's.
    static Case geluGradient(long rows, long columns, long depth) {
        var b = new Builder("gradient of gelu of %d x %d x %d".formatted(rows, columns, depth));
        var x = b.half(1, rows, columns);
        var dy = b.graph
                .apply(
                        new Product.Gemm(false, false, DType.BFLOAT16),
                        b.half(1, rows, depth),
                        b.half(1 / Math.sqrt(depth), depth, columns))
                .getFirst();
        var dx = b.graph.apply(new Activation.GeluGrad(), dy, x).getFirst();
        b.graph.output("dx", dx);
        var ones = b.graph.constant(Tensor.filled(Shape.of(1, rows), 1)).cast(DType.BFLOAT16);
        b.graph.output("sum", ones.gemm(dx, false, false, DType.FLOAT32));
        return b.build();
    }

    private static final class Builder {
        private final String what;
        private final Graph graph = new Graph("g");
        private final Map<String, NdArray> operands = new LinkedHashMap<>();
        private final Random random = new Random(7);

        Builder(String what) {
            this.what = what;
        }

        Value half(double deviation, long... dims) {
            var label = "x" + operands.size();
            feed(label, deviation, dims);
            return graph.input(label, new Type(DType.BFLOAT16, Shape.of(dims)));
        }

        void feed(String label, double deviation, long... dims) {
            var shape = Shape.of(dims);
            operands.put(
                    label,
                    NdArray.of(
                            shape,
                            random.doubles(shape.size(), -deviation, deviation)
                                    .map(x -> BFloat16.round((float) x))
                                    .toArray()));
        }

        Case build() {
            var fused = ProductFusion.apply(RowFusion.apply(graph), (_, _) -> true);
            var model = Lowering.lower(fused, Target.CUDA, Map.of()).proto();
            return new Case(
                    what, fused, DeviceFormulas.in(what, model).products().getFirst(), operands);
        }
    }
}
