package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The dimensions of a tensor. All are known numbers but for the leading one of a *batched* shape, which is a multiple
/// of the symbolic batch size `N`: `[257 N, 384]` has `dim(0) == 257` and `batched()`.
public final class Shape {
    private static final Shape SCALAR = new Shape(new long[0], false);

    private final long[] dims;
    private final boolean batched;

    private Shape(long[] dims, boolean batched) {
        this.dims = dims;
        this.batched = batched;
        if (batched && dims.length == 0) {
            throw new ShapeException("a scalar has no leading dimension that could be the batch");
        }
        for (var d : dims) {
            if (d < 0) {
                throw new ShapeException(Text.format("dimensions of %s must not be negative", Arrays.toString(dims)));
            }
        }
    }

    /// A shape of known dimensions.
    public static Shape of(long... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone(), false);
    }

    /// A shape whose leading dimension is `perItem` times the symbolic batch size.
    public static Shape batched(long perItem, long... rest) {
        return new Shape(
                LongStream.concat(LongStream.of(perItem), LongStream.of(rest)).toArray(), true);
    }

    /// These dimensions with this shape's batch symbol kept on the leading one.
    public Shape withDims(long... newDims) {
        return new Shape(newDims.clone(), batched);
    }

    /// The shape of rank 0.
    public static Shape scalar() {
        return SCALAR;
    }

    public int rank() {
        return dims.length;
    }

    /// Whether the leading dimension counts items of the symbolic batch.
    public boolean batched() {
        return batched;
    }

    /// One dimension; negative axes count from the end. For the leading one of a batched shape: the factor of `N`.
    public long dim(int axis) {
        return dims[axis(axis)];
    }

    /// The axis as a number from 0, negative ones counted from the end.
    ///
    /// @throws ShapeException if the shape has no such axis
    public int axis(int axis) {
        var a = axis < 0 ? axis + dims.length : axis;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException(Text.format("axis %d of %s does not exist", axis, this));
        }
        return a;
    }

    /// A copy of the dimensions, the leading one of a batched shape as its factor of `N`.
    public long[] dims() {
        return dims.clone();
    }

    /// The number of elements, per batch item if batched.
    public long size() {
        return LongStream.of(dims).reduce(1, Math::multiplyExact);
    }

    /// This shape with one dimension replaced.
    public Shape with(int axis, long size) {
        var d = dims.clone();
        d[axis(axis)] = size;
        return new Shape(d, batched);
    }

    /// This shape for a batch of `n` items.
    public Shape bind(long n) {
        return batched ? Shape.of(with(0, dims[0] * n).dims) : this;
    }

    /// The result of NumPy broadcasting.
    ///
    /// @throws ShapeException if a pair of dimensions neither agrees nor holds a 1
    public static Shape broadcast(Shape a, Shape b) {
        var rank = Math.max(a.rank(), b.rank());
        if (a.batched && a.rank() < rank || b.batched && b.rank() < rank) {
            throw new ShapeException(
                    Text.format("%s and %s do not broadcast: the symbolic batch must stay leading", a, b));
        }
        var dims = new long[rank];
        for (var i = 1; i <= rank; i++) {
            var x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            var y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            var symbols = (i == a.rank() && a.batched ? 1 : 0) + (i == b.rank() && b.batched ? 1 : 0);
            var same = x == y && symbols != 1;
            var xStretches = x == 1 && !(i == a.rank() && a.batched);
            var yStretches = y == 1 && !(i == b.rank() && b.batched);
            if (!same && !xStretches && !yStretches) {
                throw new ShapeException(Text.format("%s and %s do not broadcast", a, b));
            }
            dims[rank - i] = xStretches ? y : x;
        }
        return new Shape(dims, a.batched || b.batched);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && batched == s.batched && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(dims) + Boolean.hashCode(batched);
    }

    @Override
    public String toString() {
        return IntStream.range(0, dims.length)
                .mapToObj(i -> i == 0 && batched ? (dims[0] == 1 ? "N" : dims[0] + " N") : Long.toString(dims[i]))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
