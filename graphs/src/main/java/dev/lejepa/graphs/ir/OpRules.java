package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Shape and type rules that operators share.
final class OpRules {
    private OpRules() {}

    static void arity(List<Type> in, int expected) {
        arity(in, expected, expected);
    }

    static void arity(List<Type> in, int least, int most) {
        if (in.size() < least || in.size() > most) {
            throw new ShapeException(Text.format(
                    "%d operands given, %s needed",
                    in.size(), least == most ? Integer.toString(least) : least + " to " + most));
        }
    }

    static void equalShapes(Type a, Type b) {
        if (!a.equals(b)) {
            throw new ShapeException(Text.format("operands must have one type, found %s and %s", a, b));
        }
    }

    static List<Type> elementwise(Type a, Type b) {
        equalElements(a, b);
        return List.of(a.withShape(Shape.broadcast(a.shape(), b.shape())));
    }

    private static void equalElements(Type a, Type b) {
        if (a.dtype() != b.dtype()) {
            throw new ShapeException(Text.format(
                    "element types differ (%s and %s)",
                    a.dtype().label(), b.dtype().label()));
        }
    }

    static Type matmul(Type a, Type b, boolean transA, boolean transB) {
        var ra = a.shape().rank();
        var rb = b.shape().rank();
        if (ra < 2 || rb < 2) {
            throw new ShapeException("both operands need at least two axes");
        }
        equalElements(a, b);
        if (a.shape().batched() && ra == 2 && (transA || rb > 2) || b.shape().batched() && rb == 2) {
            throw new ShapeException("the symbolic batch may only count rows of the left operand");
        }
        var rows = a.shape().dim(transA ? -1 : -2);
        var inner = a.shape().dim(transA ? -2 : -1);
        var innerB = b.shape().dim(transB ? -1 : -2);
        var cols = b.shape().dim(transB ? -2 : -1);
        if (inner != innerB) {
            throw new ShapeException(Text.format("inner dimensions differ (%d and %d)", inner, innerB));
        }
        if (ra == 2 && rb == 2) {
            return a.withShape(a.shape().withDims(rows, cols));
        }
        var lead = Shape.broadcast(lead(a.shape()), lead(b.shape()));
        var dims = new long[lead.rank() + 2];
        System.arraycopy(lead.dims(), 0, dims, 0, lead.rank());
        dims[lead.rank()] = rows;
        dims[lead.rank() + 1] = cols;
        return a.withShape(lead.rank() == 0 ? a.shape().withDims(dims) : lead.withDims(dims));
    }

    private static Shape lead(Shape s) {
        if (s.rank() == 2) {
            return Shape.scalar();
        }
        var dims = new long[s.rank() - 2];
        System.arraycopy(s.dims(), 0, dims, 0, dims.length);
        return s.withDims(dims);
    }

    static Type gemm(List<Type> in, boolean transA, boolean transB, DType result) {
        var a = in.get(0);
        var b = in.get(1);
        if (a.shape().rank() != 2 || b.shape().rank() != 2) {
            throw new ShapeException("both operands must be matrices");
        }
        if (result != a.dtype() && result != DType.FLOAT32) {
            throw new ShapeException(
                    Text.format("a product of %s cannot be %s", a.dtype().label(), result.label()));
        }
        var y = matmul(a, b, transA, transB);
        var row = Type.f32(y.shape().dim(1));
        if (in.size() == 3 && !in.get(2).equals(row)) {
            throw new ShapeException(Text.format("the bias must be %s, found %s", row, in.get(2)));
        }
        return new Type(result, y.shape());
    }

    static Type reduced(Type x, List<Integer> axes, boolean keepDims) {
        var s = x.shape();
        if (s.batched() && axes.contains(0)) {
            throw new ShapeException(Text.format("the symbolic batch of %s cannot be reduced", s));
        }
        var dims = new ArrayList<Long>();
        for (var i = 0; i < s.rank(); i++) {
            if (!axes.contains(i)) {
                dims.add(s.dim(i));
            } else if (keepDims) {
                dims.add(1L);
            }
        }
        for (var a : axes) {
            s.axis(a);
        }
        return x.withShape(s.withDims(longs(dims)));
    }

    static Type reshape(Type x, Shape shape) {
        if (x.shape().size() != shape.size() || x.shape().batched() != shape.batched()) {
            throw new ShapeException(Text.format("%s cannot be seen as %s", x.shape(), shape));
        }
        return x.withShape(shape);
    }

    static Type transpose(Type x, List<Integer> perm) {
        var s = x.shape();
        if (!perm.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, s.rank()).boxed().toList())) {
            throw new ShapeException(Text.format("%s is no permutation of the axes of %s", perm, s));
        }
        if (s.batched() && perm.getFirst() != 0) {
            throw new ShapeException(Text.format("the symbolic batch must stay the leading axis, found %s", perm));
        }
        var dims = new long[s.rank()];
        for (var i = 0; i < dims.length; i++) {
            dims[i] = s.dim(perm.get(i));
        }
        return x.withShape(s.withDims(dims));
    }

    static Type slice(Type x, int axis, long start, long end) {
        var s = x.shape();
        if (s.batched() && axis == 0) {
            throw new ShapeException("the symbolic batch cannot be cut");
        }
        if (start < 0 || end > s.dim(axis) || start >= end) {
            throw new ShapeException(
                    Text.format("elements %d to %d of axis %d of %s do not exist", start, end, axis, s));
        }
        return x.withShape(s.with(axis, end - start));
    }

    static Type pad(Type x, int axis, long before, long after) {
        var s = x.shape();
        if (s.batched() && axis == 0) {
            throw new ShapeException("the symbolic batch cannot be padded");
        }
        if (before < 0 || after < 0) {
            throw new ShapeException(
                    Text.format("%d and %d zeros cannot be added to axis %d of %s", before, after, axis, s));
        }
        return x.withShape(s.with(axis, s.dim(axis) + before + after));
    }

    static List<Type> split(Type x, int axis, List<Long> sizes) {
        var s = x.shape();
        if (s.batched() && axis == 0) {
            throw new ShapeException("the symbolic batch cannot be cut");
        }
        if (sizes.stream().mapToLong(Long::longValue).sum() != s.dim(axis)) {
            throw new ShapeException(Text.format("pieces of %s do not make up axis %d of %s", sizes, axis, s));
        }
        return sizes.stream().map(n -> x.withShape(s.with(axis, n))).toList();
    }

    static Type concat(List<Type> in, int axis) {
        arity(in, 1, Integer.MAX_VALUE);
        var first = in.getFirst();
        var total = 0L;
        for (var t : in) {
            if (t.shape().rank() != first.shape().rank()
                    || t.dtype() != first.dtype()
                    || !t.shape().with(axis, 1).equals(first.shape().with(axis, 1))) {
                throw new ShapeException(Text.format("%s and %s differ on another axis than %d", first, t, axis));
            }
            total += t.shape().dim(axis);
        }
        if (first.shape().batched() && axis == 0) {
            throw new ShapeException("the symbolic batch cannot be concatenated");
        }
        return first.withShape(first.shape().with(axis, total));
    }

    static Type expand(Type x, Shape shape) {
        if (!Shape.broadcast(x.shape(), shape).equals(shape)) {
            throw new ShapeException(Text.format("%s does not broadcast to %s", x.shape(), shape));
        }
        return x.withShape(shape);
    }

    static Type gather(Type x, int axis, List<Long> places) {
        var s = x.shape();
        if (s.batched() && axis == 0) {
            throw new ShapeException("the symbolic batch cannot be gathered from");
        }
        for (var p : places) {
            if (p < 0 || p >= s.dim(axis)) {
                throw new ShapeException(Text.format("there is no place %d on axis %d of %s", p, axis, s));
            }
        }
        return x.withShape(s.with(axis, places.size()));
    }

    static Type gatherGrad(Type dy, int axis, List<Long> places, long length) {
        var x = dy.withShape(dy.shape().with(axis, length));
        equalShapes(dy, gather(x, axis, places));
        return x;
    }

    static Type where(Type condition, Type a, Type b) {
        if (condition.dtype() != DType.BOOL) {
            throw new ShapeException(Text.format("the condition must be bool, found %s", condition));
        }
        equalElements(a, b);
        return a.withShape(Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape())));
    }

    /// @param axis counted from the end
    static Type fromTheEnd(Type x, int axis) {
        if (axis >= 0 || axis < -x.shape().rank()) {
            throw new ShapeException(Text.format("%s has no axis %d from its end", x.shape(), axis));
        }
        return x;
    }

    static List<Type> attention(Type qkv, int heads) {
        var shape = qkv.shape();
        if (shape.rank() != 3 || shape.dim(2) % (3L * heads) != 0) {
            throw new ShapeException(Text.format("qkv must be [N, T, 3 x %d heads x width], found %s", heads, shape));
        }
        return List.of(
                qkv.withShape(shape.with(2, shape.dim(2) / 3)),
                Type.f32(shape.with(1, heads).with(2, shape.dim(1))));
    }

    /// A row that is added to rows of a width.
    static void bias(Type type, long width) {
        if (!type.equals(Type.f32(width))) {
            throw new ShapeException(Text.format("a bias must be float32 [%d], found %s", width, type));
        }
    }

    static List<Type> layerNorm(List<Type> in, DType result) {
        var x = in.getFirst();
        vectors(in.subList(1, 3), x.shape().dim(-1));
        var statistics = Type.f32(x.shape().with(-1, 1));
        return List.of(new Type(result, x.shape()), statistics, statistics);
    }

    static List<Type> batchNorm(List<Type> in, int axis) {
        var x = in.getFirst();
        if (x.shape().rank() < 2 || x.shape().batched()) {
            throw new ShapeException(Text.format("rows of known number are needed, found %s", x.shape()));
        }
        var channels = x.shape().dim(axis);
        if (x.shape().size() < 2 * channels) {
            throw new ShapeException(Text.format("batch statistics need at least two rows, found %s", x.shape()));
        }
        vectors(in.subList(1, 5), channels);
        var c = in.get(3);
        return List.of(x, c, c, c, c);
    }

    static List<Type> ecf(Type x, int knots) {
        if (x.shape().rank() < 2 || x.shape().batched()) {
            throw new ShapeException(Text.format("samples and slices of known number are needed, found %s", x.shape()));
        }
        var t = x.withShape(x.shape().with(-2, knots));
        return List.of(t, t);
    }

    static List<Type> sort(Type x) {
        if (x.shape().rank() < 2) {
            throw new ShapeException(Text.format("samples must be [..., N, S], found %s", x.shape()));
        }
        return List.of(x, new Type(DType.INT64, x.shape()));
    }

    static void equalDims(Type a, Type b) {
        if (!a.shape().equals(b.shape())) {
            throw new ShapeException(Text.format("shapes differ: %s and %s", a.shape(), b.shape()));
        }
    }

    static List<Type> crossEntropy(List<Type> in) {
        var logits = in.get(0);
        var labels = in.get(1);
        if (logits.shape().rank() != 2
                || labels.dtype() != DType.INT64
                || !labels.shape().equals(Shape.of(logits.shape().dim(0)))) {
            throw new ShapeException("logits [R, C] and int64 labels [R] are needed");
        }
        return List.of(logits.withShape(Shape.scalar()), logits);
    }

    private static void vectors(List<Type> in, long width) {
        for (var t : in) {
            if (!t.shape().equals(Shape.of(width))) {
                throw new ShapeException(
                        Text.format("scale, bias and statistics must be [%d], found %s", width, t.shape()));
            }
        }
    }

    private static long[] longs(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
