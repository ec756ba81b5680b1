package dev.lejepa.graphs.ir;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// One result of a node. Methods append nodes to the value's graph and return their results, so formulas read as such.
public final class Value {
    private final Graph graph;
    private final Node node;
    private final int index;
    private final Type type;

    Value(Graph graph, Node node, int index, Type type) {
        this.graph = graph;
        this.node = node;
        this.index = index;
        this.type = type;
    }

    public Graph graph() {
        return graph;
    }

    /// The node that makes this value.
    public Node node() {
        return node;
    }

    /// Which of the node's results this is, from 0.
    public int index() {
        return index;
    }

    public Type type() {
        return type;
    }

    public Shape shape() {
        return type.shape();
    }

    /// One dimension; negative axes count from the end.
    public long dim(int axis) {
        return shape().dim(axis);
    }

    // ---- element by element

    public Value apply(UnaryFunction function) {
        return one(new Elementwise.Unary(function));
    }

    public Value apply(BinaryFunction function, Value other) {
        return one(new Elementwise.Binary(function), other);
    }

    public Value add(Value other) {
        return apply(BinaryFunction.ADD, other);
    }

    public Value add(double c) {
        return add(number(c));
    }

    public Value sub(Value other) {
        return apply(BinaryFunction.SUB, other);
    }

    public Value mul(Value other) {
        return apply(BinaryFunction.MUL, other);
    }

    public Value mul(double c) {
        return mul(number(c));
    }

    public Value div(Value other) {
        return apply(BinaryFunction.DIV, other);
    }

    public Value neg() {
        return apply(UnaryFunction.NEG);
    }

    public Value exp() {
        return apply(UnaryFunction.EXP);
    }

    public Value log() {
        return apply(UnaryFunction.LOG);
    }

    public Value sqrt() {
        return apply(UnaryFunction.SQRT);
    }

    public Value reciprocal() {
        return apply(UnaryFunction.RECIPROCAL);
    }

    public Value sin() {
        return apply(UnaryFunction.SIN);
    }

    public Value cos() {
        return apply(UnaryFunction.COS);
    }

    public Value erf() {
        return apply(UnaryFunction.ERF);
    }

    public Value relu() {
        return apply(UnaryFunction.RELU);
    }

    public Value sigmoid() {
        return apply(UnaryFunction.SIGMOID);
    }

    public Value tanh() {
        return apply(UnaryFunction.TANH);
    }

    /// `this sigmoid(this)`.
    public Value silu() {
        return apply(UnaryFunction.SILU);
    }

    public Value hardSigmoid() {
        return apply(UnaryFunction.HARD_SIGMOID);
    }

    public Value hardSwish() {
        return apply(UnaryFunction.HARD_SWISH);
    }

    /// This value between two numbers. ReLU6 is `clip(0, 6)`.
    public Value clip(double min, double max) {
        return one(new Elementwise.Clip(min, max));
    }

    public Value min(Value other) {
        return apply(BinaryFunction.MIN, other);
    }

    public Value max(Value other) {
        return apply(BinaryFunction.MAX, other);
    }

    public Value pow(Value exponent) {
        return apply(BinaryFunction.POW, exponent);
    }

    public Value pow(double exponent) {
        return pow(number(exponent));
    }

    /// Whether something holds of this value and another: bool.
    public Value compare(Comparison comparison, Value other) {
        return one(new Elementwise.Compare(comparison), other);
    }

    /// Elements of `a` where this bool value holds, of `b` elsewhere.
    public Value where(Value a, Value b) {
        return one(new Elementwise.Where(), a, b);
    }

    public Value sign() {
        return apply(UnaryFunction.SIGN);
    }

    public Value abs() {
        return apply(UnaryFunction.ABS);
    }

    /// `log Phi`, the logarithm of the standard normal distribution function.
    public Value logNdtr() {
        return apply(UnaryFunction.LOG_NDTR);
    }

    /// Each column `[..., N, s]` in ascending order.
    public Value sort() {
        return one(new Statistic.Sort());
    }

    public Value square() {
        return mul(this);
    }

    public Value cast(DType to) {
        return to == type.dtype() ? this : one(new Elementwise.Cast(to));
    }

    /// This value as a constant of differentiation.
    public Value stopGradient() {
        return one(new Elementwise.StopGradient());
    }

    // ---- products and sums

    /// `this other` over the last two axes.
    public Value matmul(Value other) {
        return one(new Product.MatMul(false, false, 1), other);
    }

    /// `alpha op(this) op(other)` over the last two axes.
    public Value matmul(Value other, boolean transThis, boolean transOther, double alpha) {
        return one(new Product.MatMul(transThis, transOther, alpha), other);
    }

    /// `op(this) op(other)` of matrices.
    public Value gemm(Value other, boolean transThis, boolean transOther) {
        return one(new Product.Gemm(transThis, transOther), other);
    }

    /// `op(this) op(other)` of matrices, with a result of this element type.
    public Value gemm(Value other, boolean transThis, boolean transOther, DType result) {
        return one(new Product.Gemm(transThis, transOther, result), other);
    }

    /// `op(this) op(other) + row` of matrices.
    public Value gemm(Value other, boolean transThis, boolean transOther, Value row) {
        return one(new Product.Gemm(transThis, transOther), other, row);
    }

    /// The sum over these axes, which stay with length 1 if `keepDims`.
    public Value sum(boolean keepDims, int... axes) {
        return one(new Reduction.ReduceSum(axes(axes), keepDims));
    }

    /// The mean over these axes, which stay with length 1 if `keepDims`.
    public Value mean(boolean keepDims, int... axes) {
        return one(new Reduction.ReduceMean(axes(axes), keepDims));
    }

    /// The largest element over these axes, which stay with length 1 if `keepDims`.
    public Value largest(boolean keepDims, int... axes) {
        return one(new Reduction.ReduceMax(axes(axes), keepDims));
    }

    /// The mean over all elements, a scalar.
    public Value mean() {
        return mean(false, IntStream.range(0, shape().rank()).toArray());
    }

    // ---- layout

    /// These elements in another shape of the same size; a batched value keeps its symbol on the leading dimension.
    public Value reshape(long... dims) {
        return reshape(shape().withDims(dims));
    }

    public Value reshape(Shape to) {
        return to.equals(shape()) ? this : one(new Movement.Reshape(to));
    }

    public Value transpose(int... perm) {
        return one(new Movement.Transpose(Arrays.stream(perm).boxed().toList()));
    }

    public Value slice(int axis, long start, long end) {
        return start == 0 && end == dim(axis) ? this : one(new Movement.Slice(shape().axis(axis), start, end));
    }

    public List<Value> split(int axis, long... sizes) {
        return graph.apply(
                new Movement.Split(
                        shape().axis(axis), LongStream.of(sizes).boxed().toList()),
                this);
    }

    public Value pad(int axis, long before, long after) {
        return before == 0 && after == 0 ? this : one(new Movement.Pad(shape().axis(axis), before, after));
    }

    /// The elements at these places of an axis, in this order.
    public Value gather(int axis, long... places) {
        return one(new Movement.Gather(
                shape().axis(axis), LongStream.of(places).boxed().toList()));
    }

    public Value expand(Shape to) {
        return to.equals(shape()) ? this : one(new Movement.Expand(to));
    }

    /// Values one after the other along an axis.
    public static Value concat(int axis, List<Value> parts) {
        var first = parts.getFirst();
        return parts.size() == 1
                ? first
                : first.graph
                        .apply(new Movement.Concat(first.shape().axis(axis)), parts)
                        .getFirst();
    }

    // ---- maps

    /// [Convolution.Conv] of these maps.
    public Value conv(Value weights, Window window, int groups, ImageLayout layout) {
        return one(new Convolution.Conv(window, groups, layout), weights);
    }

    /// [Convolution.Conv] of these maps.
    public Value conv(Value weights, Value bias, Window window, int groups, ImageLayout layout) {
        return one(new Convolution.Conv(window, groups, layout), weights, bias);
    }

    public Value maxPool(Pool pool) {
        return one(new Pooling.MaxPool(pool));
    }

    /// @param includePad whether padding counts as zeros
    public Value averagePool(Pool pool, boolean includePad) {
        return one(new Pooling.AveragePool(pool, includePad));
    }

    // ---- composites

    /// Softmax over the last axis.
    public Value softmax() {
        return one(new Activation.Softmax());
    }

    /// Softmax over an axis.
    public Value softmax(int axis) {
        return one(new Activation.Softmax(shape().axis(axis) - shape().rank()));
    }

    /// The context of [SelfAttention.Attention].
    public Value attention(int heads) {
        return one(new SelfAttention.Attention(heads));
    }

    public Value gelu() {
        return one(new Activation.Gelu());
    }

    /// LayerNorm over the last axis.
    public Value layerNorm(Value scale, Value bias, double epsilon) {
        return graph.apply(new Norm.LayerNorm(epsilon), this, scale, bias).getFirst();
    }

    /// A number of this value's element type.
    private Value number(double c) {
        return graph.scalar(c).cast(type.dtype());
    }

    private Value one(Op op, Value... others) {
        var operands = new Value[others.length + 1];
        operands[0] = this;
        System.arraycopy(others, 0, operands, 1, others.length);
        return graph.apply(op, operands).getFirst();
    }

    private List<Integer> axes(int... axes) {
        return Arrays.stream(axes)
                .map(shape()::axis)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    @Override
    public String toString() {
        return "%" + node.id() + (node.outputs().size() > 1 ? "." + index : "") + " " + type;
    }
}
