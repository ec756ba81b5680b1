package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Kernels that move elements and compute nothing.
final class Layout {
    private Layout() {}

    static NdArray transpose(NdArray x, List<Integer> perm) {
        var strides = strides(x.shape());
        var dims = new long[perm.size()];
        var steps = new int[perm.size()];
        for (var i = 0; i < dims.length; i++) {
            dims[i] = x.dim(perm.get(i));
            steps[i] = strides[perm.get(i)];
        }
        return gather(x, Shape.of(dims), steps);
    }

    /// An axis that stretches is read with step 0.
    static NdArray expand(NdArray x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        var strides = strides(x.shape());
        var steps = new int[shape.rank()];
        var added = steps.length - strides.length;
        for (var i = added; i < steps.length; i++) {
            steps[i] = x.dim(i - added) == 1 ? 0 : strides[i - added];
        }
        return gather(x, shape, steps);
    }

    static NdArray slice(NdArray x, int axis, long start, long end) {
        var y = NdArray.zeros(x.shape().with(axis, end - start));
        copy(x, (int) start, y, 0, (int) (end - start), axis);
        return y;
    }

    static List<NdArray> split(NdArray x, int axis, List<Long> sizes) {
        var pieces = new ArrayList<NdArray>();
        var start = 0L;
        for (var n : sizes) {
            pieces.add(slice(x, axis, start, start + n));
            start += n;
        }
        return pieces;
    }

    static NdArray pad(NdArray x, int axis, long before, long after) {
        var y = NdArray.zeros(x.shape().with(axis, before + x.dim(axis) + after));
        copy(x, 0, y, (int) before, x.dim(axis), axis);
        return y;
    }

    static NdArray concat(List<NdArray> in, int axis) {
        var total = in.stream().mapToLong(x -> x.dim(axis)).sum();
        var y = NdArray.zeros(in.getFirst().shape().with(axis, total));
        var start = 0;
        for (var x : in) {
            copy(x, 0, y, start, x.dim(axis), axis);
            start += x.dim(axis);
        }
        return y;
    }

    static NdArray gather(NdArray x, int axis, List<Long> places) {
        var y = NdArray.zeros(x.shape().with(axis, places.size()));
        for (var i = 0; i < places.size(); i++) {
            copy(x, Math.toIntExact(places.get(i)), y, i, 1, axis);
        }
        return y;
    }

    /// Every position of an axis added to its place.
    static NdArray gatherGrad(NdArray dy, int axis, List<Long> places, long length) {
        var dx = NdArray.zeros(dy.shape().with(axis, length));
        for (var i = 0; i < places.size(); i++) {
            var one = slice(dy, axis, i, i + 1);
            var there = NdArray.zeros(dx.shape());
            copy(one, 0, there, Math.toIntExact(places.get(i)), 1, axis);
            Arrays.setAll(dx.data(), j -> dx.get(j) + there.get(j));
        }
        return dx;
    }

    /// Two axes exchanged.
    static NdArray exchange(NdArray x, int a, int b) {
        var perm = IntStream.range(0, x.shape().rank()).boxed().collect(Collectors.toList());
        Collections.swap(perm, a, b);
        return transpose(x, perm);
    }

    /// Copies `count` positions of one axis, all other dimensions being equal.
    private static void copy(NdArray from, int fromStart, NdArray to, int toStart, int count, int axis) {
        var inner = strides(from.shape())[axis];
        var fromBlock = from.dim(axis) * inner;
        var toBlock = to.dim(axis) * inner;
        var blocks = count == 0 ? 0 : from.size() / fromBlock;
        for (var o = 0; o < blocks; o++) {
            System.arraycopy(
                    from.data(),
                    o * fromBlock + fromStart * inner,
                    to.data(),
                    o * toBlock + toStart * inner,
                    count * inner);
        }
    }

    static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        var step = 1;
        for (var i = strides.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= (int) shape.dim(i);
        }
        return strides;
    }

    /// The array of this shape whose element at an index is `x` at the sum of index times `steps`.
    private static NdArray gather(NdArray x, Shape shape, int[] steps) {
        var y = NdArray.zeros(shape);
        var index = new int[steps.length];
        var from = 0;
        for (var i = 0; i < y.size(); i++) {
            y.data()[i] = x.get(from);
            for (var a = steps.length - 1; a >= 0; a--) {
                from += steps[a];
                if (++index[a] < shape.dim(a)) {
                    break;
                }
                from -= steps[a] * index[a];
                index[a] = 0;
            }
        }
        return y;
    }
}
