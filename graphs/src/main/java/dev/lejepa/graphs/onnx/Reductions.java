package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.SUMS_BY_PRODUCTS;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.stream.IntStream;

/// Sums, means and maxima.
final class Reductions {
    private Reductions() {}

    static List<Ref> sum(Site s, Reduction.ReduceSum r) {
        if (overColumns(s, r.axes())) {
            return inColumns(s, 1);
        }
        return overRows(s, r.axes())
                ? columnSums(s, r.axes().size(), 1)
                : s.withConstants("ReduceSum", List.of(s.constantInts(r.axes())), attribute("keepdims", r.keepDims()));
    }

    static List<Ref> mean(Site s, Reduction.ReduceMean r) {
        if (overColumns(s, r.axes())) {
            return inColumns(s, 1.0 / s.in(0).shape().dim(-2));
        }
        if (overRows(s, r.axes())) {
            var rows = r.axes().stream().mapToLong(s.in(0).shape()::dim).reduce(1, Math::multiplyExact);
            return columnSums(s, r.axes().size(), 1.0 / rows);
        }
        return s.withConstants("ReduceMean", List.of(s.constantInts(r.axes())), attribute("keepdims", r.keepDims()));
    }

    static List<Ref> largest(Site s, Reduction.ReduceMax r) {
        return s.withConstants("ReduceMax", List.of(s.constantInts(r.axes())), attribute("keepdims", r.keepDims()));
    }

    /// How sums over rows are taken.
    enum Sums {
        /// As a product with a row of equal numbers: at 4112 x 1152 this takes 0.65 ms on a CPU where ReduceSum takes
        /// 1.7.
        PRODUCTS,
        /// As ReduceSum: products on a CUDA device may round their operands to TF32, which statistics do not bear.
        REDUCED;

        /// The sums `[..., 1, C]` over the rows of `[..., R, C]`, times a factor.
        Value of(Value matrix, double factor) {
            var axis = matrix.shape().rank() - 2;
            return switch (this) {
                case PRODUCTS -> {
                    var row = Tensor.filled(Shape.of(1, matrix.dim(axis)), (float) factor);
                    yield matrix.graph().constant(row).matmul(matrix);
                }
                case REDUCED -> {
                    var sums = matrix.sum(true, axis);
                    yield factor == 1 ? sums : sums.mul(factor);
                }
            };
        }
    }

    private static List<Ref> columnSums(Site s, int reducedAxes, double factor) {
        return s.formula(in -> {
            var x = in.getFirst();
            var rows = IntStream.range(0, reducedAxes).mapToLong(x::dim).reduce(1, Math::multiplyExact);
            var matrix = x.reshape(rows, x.shape().size() / rows);
            return List.of(Sums.PRODUCTS.of(matrix, factor).reshape(s.type().shape()));
        });
    }

    private static List<Ref> inColumns(Site s, double factor) {
        return s.formula(in ->
                List.of(Sums.PRODUCTS.of(in.getFirst(), factor).reshape(s.type().shape())));
    }

    /// Whether the last axis but one of a stack of matrices is reduced: at 1 x 65536 x 256 the product takes 2 ms on a
    /// CPU where ReduceSum, which goes down one column after the other, takes 40.
    private static boolean overColumns(Site s, List<Integer> axes) {
        var x = s.in(0);
        return s.has(SUMS_BY_PRODUCTS)
                && x.type().dtype() == DType.FLOAT32
                && !x.shape().batched()
                && x.shape().rank() >= 3
                && axes.equals(List.of(x.shape().rank() - 2))
                && x.shape().size() > 0;
    }

    /// Whether leading axes, and not all of them, are reduced.
    private static boolean overRows(Site s, List<Integer> axes) {
        var x = s.in(0);
        var leading = IntStream.range(0, axes.size()).allMatch(i -> axes.get(i) == i);
        return s.has(SUMS_BY_PRODUCTS)
                && x.type().dtype() == DType.FLOAT32
                && !x.shape().batched()
                && leading
                && axes.size() < x.shape().rank()
                && x.shape().size() > 0;
    }
}
