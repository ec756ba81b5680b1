package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.RowFusion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Graphs that become one formula of rows each, with operands.
final class RowCases {
    private static final double EPSILON = 1e-6;

    private RowCases() {}

    /// @param fused the graph with its formula
    record Case(String what, Graph fused, RowFormula formula, Map<String, NdArray> operands) {
        RowShape shape() {
            return RowShape.of(formula.inputs().isEmpty() ? List.of() : shapes());
        }

        private List<long[]> shapes() {
            return rows().inputs().stream().map(v -> v.shape().dims()).toList();
        }

        /// What the formula reads as its operand of some number.
        NdArray operand(int number) {
            var v = rows().inputs().get(number);
            return fused.inputs().entrySet().stream()
                    .filter(e -> e.getValue().equals(v))
                    .map(e -> operands.get(e.getKey()))
                    .findFirst()
                    .orElseThrow();
        }

        Node rows() {
            return fused.nodes().stream()
                    .filter(n -> n.op() instanceof Rewritten.Rows)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return what;
        }
    }

    /// @param fused a graph of one formula, all of whose operands are inputs
    static Case of(String what, Graph fused, Map<String, NdArray> operands) {
        var model = Lowering.lower(fused, Target.CUDA, Map.of()).proto();
        return new Case(what, fused, DeviceFormulas.in(what, model).rows().getFirst(), operands);
    }

    static List<Case> all() {
        var cases = new ArrayList<Case>();
        for (var width : new long[] {16, 20, 192, 384, 768, 1024, 1280, 1408, 4096}) {
            cases.add(residual(3, 5, width));
            cases.add(residualGradient(3, 5, width));
        }
        cases.add(residualGradient(7, 31, 64)); // several blocks
        cases.add(gelu(37, 48));
        cases.add(geluGradient(11, 1536));
        cases.add(geluGradient(131, 24));
        cases.add(geluGradient(2, 6144));
        cases.add(bias(3, 24));
        cases.add(rowAmongZeros(3, 5, 24));
        cases.add(pixels());
        cases.add(norm(5, 192));
        cases.add(update(6, 20));
        cases.add(update(1000));
        cases.add(rotations());
        cases.add(knots(3, 5, 17, 12));
        cases.add(knots(1, 70, 17, 256));
        return cases;
    }

    /// `y = x + factor (branch + bias)`, and its LayerNorm, rounded.
    static Case residual(long n, long t, long c) {
        var b = new Builder("residual sum and norm of " + c);
        var x = b.normal(DType.FLOAT32, n, t, c);
        var branch = b.normal(DType.BFLOAT16, n, t, c).cast(DType.FLOAT32).add(b.normal(DType.FLOAT32, c));
        var y = x.add(branch.mul(b.normal(DType.FLOAT32, n, 1, 1)));
        var norm = b.graph.apply(
                new Norm.LayerNorm(EPSILON, DType.BFLOAT16), y, b.normal(DType.FLOAT32, c), b.normal(DType.FLOAT32, c));
        return b.build(y, norm.get(0), norm.get(1), norm.get(2));
    }

    static Case residualGradient(long n, long t, long c) {
        var b = new Builder("gradient of norm and residual sum of %d rows of %d".formatted(n * t, c));
        var dy = b.normal(DType.BFLOAT16, n, t, c).cast(DType.FLOAT32);
        var x = b.normal(DType.FLOAT32, n, t, c);
        var gradients = b.graph.apply(
                new Norm.LayerNormGrad(),
                dy,
                x,
                b.normal(DType.FLOAT32, c),
                b.normal(DType.FLOAT32, n, t, 1),
                b.normal(DType.FLOAT32, n, t, 1));
        var dx = b.normal(DType.FLOAT32, n, t, c).add(gradients.getFirst());
        var branch = dx.mul(b.normal(DType.FLOAT32, n, 1, 1)).cast(DType.BFLOAT16);
        var bias = branch.cast(DType.FLOAT32).sum(false, 0, 1);
        return b.build(dx, branch, gradients.get(1), gradients.get(2), bias);
    }

    private static Case norm(long n, long c) {
        var b = new Builder("norm alone");
        return b.build(b.normal(DType.FLOAT32, n, c)
                .layerNorm(b.normal(DType.FLOAT32, c), b.normal(DType.FLOAT32, c), EPSILON));
    }

    /// Both in float32 and rounded.
    static Case gelu(long n, long c) {
        var b = new Builder("gelu");
        var x = b.normal(DType.BFLOAT16, n, c)
                .cast(DType.FLOAT32)
                .add(b.normal(DType.FLOAT32, c))
                .mul(3);
        var y = x.gelu();
        return b.build(y, y.cast(DType.BFLOAT16));
    }

    static Case geluGradient(long n, long c) {
        var b = new Builder("gradient of gelu on rows of " + c);
        var x = b.normal(DType.BFLOAT16, n, c)
                .cast(DType.FLOAT32)
                .add(b.normal(DType.FLOAT32, c))
                .mul(3);
        var dy = b.normal(DType.BFLOAT16, n, c).cast(DType.FLOAT32);
        var dx = b.graph.apply(new Activation.GeluGrad(), dy, x).getFirst().cast(DType.BFLOAT16);
        return b.build(dx, dx.cast(DType.FLOAT32).sum(false, 0));
    }

    /// The gradient of one row of each image: no operand has the rows' shape.
    private static Case rowAmongZeros(long n, long t, long c) {
        var b = new Builder("a row among zeros");
        var dy = b.normal(DType.FLOAT32, n, 1, c).mul(b.normal(DType.FLOAT32, 1, t, 1));
        return b.build(dy.cast(DType.BFLOAT16));
    }

    /// A product's bias, for readers that are in no formula.
    static Case bias(long n, long c) {
        var b = new Builder("bias");
        var x = b.normal(DType.BFLOAT16, n, c).cast(DType.FLOAT32);
        return b.build(x.add(b.normal(DType.FLOAT32, c)).cast(DType.BFLOAT16));
    }

    /// AdamW's update of a weight of any rank, whose factors are numbers that other nodes make.
    private static Case update(long... dims) {
        var b = new Builder("update of rank " + dims.length);
        var decay = b.normal(DType.FLOAT32);
        var rate = b.normal(DType.FLOAT32);
        var unit = b.positive();
        var gradient = b.normal(DType.FLOAT32, dims);
        var m = b.normal(DType.FLOAT32, dims).mul(0.9).add(gradient.mul(0.1));
        var v = b.positive(dims).mul(0.999).add(gradient.square().mul(0.001));
        var w = b.normal(DType.FLOAT32, dims)
                .mul(decay)
                .sub(m.div(v.sqrt().div(unit).add(1e-8)).mul(rate));
        return b.build(w, m, v, w.cast(DType.BFLOAT16));
    }

    /// Many results of one formula, as characteristic functions have.
    private static Case rotations() {
        var b = new Builder("rotations");
        var angle = b.normal(DType.FLOAT32, 3, 5, 12).mul(0.375);
        var results = new ArrayList<Value>();
        var cos = angle.cos();
        var sin = angle.sin();
        results.add(cos);
        results.add(sin);
        for (var j = 1; j < 7; j++) {
            var next = cos.mul(results.get(0)).sub(sin.mul(results.get(1)));
            sin = sin.mul(results.get(0)).add(cos.mul(results.get(1)));
            cos = next;
            results.add(cos);
            results.add(sin);
        }
        return b.build(results.toArray(Value[]::new));
    }

    /// A function of all pairs of numbers and knots: no operand has the rows' shape.
    private static Case knots(long v, long n, long p, long s) {
        var b = new Builder("knots of %d numbers".formatted(v * n * s));
        var x = b.normal(DType.BFLOAT16, v, n, 1, s).cast(DType.FLOAT32);
        return b.build(x.mul(b.normal(DType.FLOAT32, p, 1)).cos());
    }

    private static Case pixels() {
        var b = new Builder("pixels");
        var x = b.normal(DType.FLOAT32, 2, 3, 5, 8).mul(1 / 255.0);
        return b.build(
                x.sub(b.normal(DType.FLOAT32, 3, 1, 1)).div(b.positive(3, 1, 1)).cast(DType.BFLOAT16));
    }

    private static final class Builder {
        private final String what;
        private final Graph graph = new Graph("case");
        private final Map<String, NdArray> operands = new LinkedHashMap<>();
        private final Random random = new Random(3);

        Builder(String what) {
            this.what = what;
        }

        Value normal(DType type, long... dims) {
            return draw(type, false, dims);
        }

        Value positive(long... dims) {
            return draw(DType.FLOAT32, true, dims);
        }

        private Value draw(DType type, boolean positive, long... dims) {
            var shape = Shape.of(dims);
            var data = new double[Math.toIntExact(shape.size())];
            for (var i = 0; i < data.length; i++) {
                var x = (float) random.nextGaussian();
                x = positive ? Math.abs(x) + 0.5f : x;
                data[i] = type == DType.BFLOAT16 ? BFloat16.round(x) : x;
            }
            var name = "in" + operands.size();
            operands.put(name, NdArray.of(shape, data));
            return graph.input(name, new Type(type, shape));
        }

        Case build(Value... results) {
            for (var r : results) {
                graph.output("out" + graph.outputs().size(), r);
            }
            return of(what, RowFusion.apply(graph), operands);
        }
    }
}
