package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/// Matrix products and reductions.
final class Products {
    private Products() {}

    /// `alpha op(a) op(b)` over the last two axes, leading axes broadcast.
    static NdArray matmul(NdArray a, NdArray b, boolean transA, boolean transB, double alpha) {
        var left = transA ? exchanged(a) : a;
        var right = transB ? exchanged(b) : b;
        var rows = left.dim(-2);
        var inner = left.dim(-1);
        var cols = right.dim(-1);
        var lead = Shape.broadcast(lead(left), lead(right));
        var leftAt = offsets(lead(left), lead);
        var rightAt = offsets(lead(right), lead);
        var dims = Arrays.copyOf(lead.dims(), lead.rank() + 2);
        dims[lead.rank()] = rows;
        dims[lead.rank() + 1] = cols;
        var y = NdArray.zeros(Shape.of(dims));
        for (var m = 0; m < leftAt.length; m++) {
            for (var r = 0; r < rows; r++) {
                var leftRow = (leftAt[m] * rows + r) * inner;
                var into = (m * rows + r) * cols;
                for (var k = 0; k < inner; k++) {
                    var rightRow = (rightAt[m] * inner + k) * cols;
                    addScaled(y.data(), into, alpha * left.get(leftRow + k), right.data(), rightRow, cols);
                }
            }
        }
        return y;
    }

    private static void addScaled(double[] into, int at, double factor, double[] row, int from, int n) {
        for (var c = 0; c < n; c++) {
            into[at + c] += factor * row[from + c];
        }
    }

    static NdArray gemm(List<NdArray> in, boolean transA, boolean transB) {
        var product = matmul(in.get(0), in.get(1), transA, transB, 1);
        return in.size() == 2
                ? product
                : Pointwise.zip(List.of(product, in.get(2)), Double::sum).getFirst();
    }

    static NdArray sum(NdArray x, List<Integer> axes, boolean keepDims) {
        return reduce(x, axes, keepDims, 0, Double::sum);
    }

    static NdArray largest(NdArray x, List<Integer> axes, boolean keepDims) {
        return reduce(x, axes, keepDims, Double.NEGATIVE_INFINITY, Math::max);
    }

    private static NdArray reduce(
            NdArray x, List<Integer> axes, boolean keepDims, double start, DoubleBinaryOperator both) {
        var kept = IntStream.range(0, x.shape().rank()).filter(a -> !axes.contains(a));
        var perm =
                IntStream.concat(kept, axes.stream().mapToInt(a -> a)).boxed().toList();
        var ordered = Layout.transpose(x, perm);
        var y = NdArray.zeros(reduced(x.shape(), axes, keepDims));
        var n = y.size() == 0 ? 0 : x.size() / y.size();
        for (var i = 0; i < y.size(); i++) {
            var all = start;
            for (var j = 0; j < n; j++) {
                all = both.applyAsDouble(all, ordered.get(i * n + j));
            }
            y.data()[i] = all;
        }
        return y;
    }

    static NdArray mean(NdArray x, List<Integer> axes, boolean keepDims) {
        var y = sum(x, axes, keepDims);
        var n = (double) x.size() / y.size();
        return Pointwise.map(List.of(y), s -> s / n).getFirst();
    }

    private static Shape reduced(Shape s, List<Integer> axes, boolean keepDims) {
        return Shape.of(IntStream.range(0, s.rank())
                .filter(a -> keepDims || !axes.contains(a))
                .mapToLong(a -> axes.contains(a) ? 1 : s.dim(a))
                .toArray());
    }

    private static NdArray exchanged(NdArray x) {
        var rank = x.shape().rank();
        var perm = IntStream.range(0, rank).toArray();
        perm[rank - 2] = rank - 1;
        perm[rank - 1] = rank - 2;
        return Layout.transpose(x, Arrays.stream(perm).boxed().toList());
    }

    private static Shape lead(NdArray x) {
        return Shape.of(Arrays.copyOf(x.shape().dims(), x.shape().rank() - 2));
    }

    /// For each matrix of the broadcast shape the number of the operand's matrix that it takes.
    private static int[] offsets(Shape operand, Shape broadcast) {
        var numbers = NdArray.zeros(operand);
        Arrays.setAll(numbers.data(), i -> i);
        return Arrays.stream(Layout.expand(numbers, broadcast).data())
                .mapToInt(d -> (int) d)
                .toArray();
    }
}
