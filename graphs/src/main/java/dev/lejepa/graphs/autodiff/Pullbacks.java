package dev.lejepa.graphs.autodiff;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The table of gradients: how one node turns cotangents of its results into cotangents of its operands.
///
/// An entry is a supplier, so that only wanted cotangents are built; it has the shape of the operand or of what the
/// operand was broadcast to. An operator without entries passes nothing on.
final class Pullbacks {
    private static final double LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

    private static final Op SIGN = new Elementwise.Unary(UnaryFunction.SIGN);

    private final Node node;
    private final List<Optional<Value>> cotangents;

    private Pullbacks(Node node, List<Optional<Value>> cotangents) {
        this.node = node;
        this.cotangents = cotangents;
    }

    /// @param cotangents one for each result, absent where nothing depends on it
    /// @return one supplier for each operand that gradients can pass to
    static List<Supplier<Value>> of(Node node, List<Optional<Value>> cotangents) {
        return new Pullbacks(node, cotangents).row();
    }

    /// Whether a gradient can pass from this value to the operands of its node.
    static boolean passesGradient(Value v) {
        return v.type().dtype().isFloat()
                && !(v.node().op() instanceof Elementwise.StopGradient)
                && !v.node().op().equals(SIGN)
                // Running statistics are buffers, which training never differentiates.
                && !(v.node().op() instanceof Norm.BatchNorm && (v.index() == 1 || v.index() == 2));
    }

    private List<Supplier<Value>> row() {
        return switch (node.op()) {
            case Leaf.Input _, Leaf.Constant _, Elementwise.StopGradient _ -> of();

            case Elementwise.Unary u -> of(() -> slope(u.function()));
            // where the result is one of the bounds, one of the two signs is 0
            case Elementwise.Clip c ->
                of(() -> dy().mul(y().add(-c.min())
                        .sign()
                        .mul(y().neg().add(c.max()).sign())));
            case Elementwise.Compare _ -> of();
            case Elementwise.Where _ ->
                of(() -> Autodiff.zeros(x(0)), () -> x(0).where(dy(), zero()), () -> x(0).where(zero(), dy()));
            case Elementwise.Cast _ -> of(() -> dy().cast(x().type().dtype()));

            case Elementwise.Binary b -> binary(b.function());

            case Product.MatMul m ->
                of(() -> product(dy(), x(1), !m.transB(), m.transA(), m.alpha()), () -> secondFactor(m));
            case Product.Gemm g ->
                of(
                                () -> g.transA()
                                        ? x(1).gemm(dy(), g.transB(), true)
                                        : dy().gemm(x(1), false, !g.transB()),
                                () -> g.transB()
                                        ? dy().gemm(x(0), true, g.transA())
                                        : x(0).gemm(dy(), !g.transA(), false),
                                () -> dy().sum(false, 0))
                        .subList(0, node.inputs().size());
            case Reduction.ReduceSum r -> of(() -> spread(dy(), r.axes()));
            case Reduction.ReduceMax r -> of(() -> largest(r));
            case Reduction.ReduceMean r -> of(() -> spread(dy().mul(1.0 / elements(r.axes())), r.axes()));

            case Movement.Reshape _ -> of(() -> dy().reshape(x().shape()));
            case Movement.Transpose t -> of(() -> dy().transpose(inverse(t.perm())));
            case Movement.Slice s -> of(() -> dy().pad(s.axis(), s.start(), x().dim(s.axis()) - s.end()));
            case Movement.Split s -> of(() -> joined(s));
            case Movement.Pad p -> of(() -> dy().slice(p.axis(), p.before(), p.before() + x().dim(p.axis())));
            case Movement.Concat c ->
                all(dy().split(
                                c.axis(),
                                node.inputs().stream()
                                        .mapToLong(v -> v.dim(c.axis()))
                                        .toArray()));
            case Movement.Gather m -> all(gathered(m));
            case Movement.Expand _ -> of(this::dy);

            case Activation.Softmax s -> all(apply(new Activation.SoftmaxGrad(s.axis()), dy(), y()));
            case SelfAttention.Attention a -> {
                refuse(1, "the logarithm of the denominators");
                yield all(apply(new SelfAttention.AttentionGrad(a.heads()), dy(), x(), y(0), y(1)));
            }
            case Activation.Gelu _ -> all(apply(new Activation.GeluGrad(), dy(), x()));
            case Norm.LayerNorm _ -> {
                refuse(1, "the mean");
                refuse(2, "the inverse standard deviation");
                yield all(apply(new Norm.LayerNormGrad(), dy(), x(0), x(1), y(1), y(2)));
            }
            case Norm.BatchNorm n -> {
                refuse(3, "the batch mean");
                refuse(4, "the inverse standard deviation");
                var gradient = new Norm.BatchNormGrad(n.axis(), n.relu(), n.processes());
                yield all(
                        n.relu()
                                ? apply(gradient, dy(), x(0), x(1), y(3), y(4), x(2))
                                : apply(gradient, dy(), x(0), x(1), y(3), y(4)));
            }
            case Convolution.Conv c -> convolution(c);
            case Pooling.MaxPool p -> all(apply(new Pooling.MaxPoolGrad(p.pool()), dy(), x()));
            case Pooling.AveragePool p -> {
                var layout = p.pool().layout();
                yield all(apply(
                        new Pooling.AveragePoolGrad(p, layout.height(x().shape()), layout.width(x().shape())), dy()));
            }
            case Statistic.Ecf e -> all(apply(new Statistic.EcfGrad(e.knots(), e.step()), orZeros(0), orZeros(1), x()));
            case Statistic.Sort _ -> all(apply(new Statistic.Unsort(), dy(), y(1)));
            case Loss.SoftmaxCrossEntropy _ -> of(this::logits);

            case Op.Backward b ->
                throw new UnsupportedOperationException(Text.format(
                        "%s: %s belongs to a backward pass or an update and has no gradient", place(), b.name()));
        };
    }

    // ---- element by element

    /// What a function's operand gets.
    private Value slope(UnaryFunction function) {
        return switch (function) {
            case NEG -> dy().neg();
            case EXP -> dy().mul(y());
            case LOG -> dy().div(x());
            case SQRT -> dy().mul(0.5).div(y());
            case RECIPROCAL -> dy().mul(y().square()).neg();
            case SIN -> dy().mul(x().cos());
            case COS -> dy().mul(x().sin()).neg();
            case ERF -> dy().mul(x().square().neg().exp().mul(2 / Math.sqrt(Math.PI)));
            case SIGN -> Autodiff.zeros(x());
            case ABS -> dy().mul(x().sign());
            case RELU, SIGMOID, TANH, SILU, HARD_SIGMOID, HARD_SWISH ->
                apply(new Elementwise.UnaryGrad(function), dy(), function.gradReadsResult() ? y() : x())
                        .getFirst();
            // phi(x) / Phi(x), as the exponential of a difference: both vanish in the lower tail
            case LOG_NDTR ->
                dy().mul(x().square().mul(-0.5).add(-LOG_SQRT_2PI).sub(y()).exp());
        };
    }

    private List<Supplier<Value>> binary(BinaryFunction function) {
        return switch (function) {
            case ADD -> of(this::dy, this::dy);
            case SUB -> of(this::dy, () -> dy().neg());
            case MUL -> of(() -> dy().mul(x(1)), () -> dy().mul(x(0)));
            case DIV -> quotient();
            case MIN -> of(() -> dy().mul(share(x(1), x(0))), () -> dy().mul(share(x(0), x(1))));
            case MAX -> of(() -> dy().mul(share(x(0), x(1))), () -> dy().mul(share(x(1), x(0))));
            case POW -> of(() -> dy().mul(x(1).mul(x(0).pow(x(1).add(-1)))), () -> dy().mul(y().mul(x(0).log())));
        };
    }

    /// 1 where `a` is larger than `b`, 1/2 where they are equal, else 0.
    private static Value share(Value a, Value b) {
        return a.sub(b).sign().mul(0.5).add(0.5);
    }

    // ---- longer rows

    /// `d(a / b) = da / b - db y / b`, with `dy / b` used for both.
    private List<Supplier<Value>> quotient() {
        var scaled = dy().div(x(1));
        return of(() -> scaled, () -> scaled.mul(y()).neg());
    }

    private List<Supplier<Value>> convolution(Convolution.Conv c) {
        var x = x().shape();
        var layout = c.layout();
        var places = new int[] {0, layout.heightAxis(), layout.widthAxis()};
        return of(
                        () -> apply(
                                        new Convolution.ConvDataGrad(
                                                c.to(x().type().dtype()), layout.height(x), layout.width(x)),
                                        dy(),
                                        x(1))
                                .getFirst(),
                        () -> apply(
                                        new Convolution.ConvWeightsGrad(
                                                c.to(x(1).type().dtype())),
                                        dy(),
                                        x())
                                .getFirst(),
                        () -> dy().sum(false, places))
                .subList(0, node.inputs().size());
    }

    /// `alpha op(left) op(right)`, with the operands exchanged if the transpose of that is wanted.
    private static Value product(Value left, Value right, boolean transRight, boolean transResult, double alpha) {
        return transResult
                ? right.matmul(left, !transRight, true, alpha)
                : left.matmul(right, false, transRight, alpha);
    }

    /// A matrix that all leading axes share gets one product over all rows rather than a sum of many products.
    private Value secondFactor(Product.MatMul m) {
        if (x(1).shape().rank() == 2 && x(0).shape().rank() > 2 && !m.transA()) {
            var rows = rows(x(0));
            var cotangentRows = rows(dy());
            return m.transB()
                    ? cotangentRows.matmul(rows, true, false, m.alpha())
                    : rows.matmul(cotangentRows, true, false, m.alpha());
        }
        return m.transB()
                ? dy().matmul(x(0), true, m.transA(), m.alpha())
                : x(0).matmul(dy(), !m.transA(), false, m.alpha());
    }

    private static Value rows(Value v) {
        return v.reshape(v.shape().size() / v.dim(-1), v.dim(-1));
    }

    /// A reduced cotangent repeated along the axes that the reduction removed.
    private Value spread(Value reduced, List<Integer> axes) {
        var kept = x().shape();
        for (var a : axes) {
            kept = kept.with(a, 1);
        }
        return reduced.reshape(kept).expand(x().shape());
    }

    private long elements(List<Integer> axes) {
        return axes.stream().mapToLong(a -> x().dim(a)).reduce(1, Math::multiplyExact);
    }

    private static int[] inverse(List<Integer> perm) {
        return IntStream.range(0, perm.size()).map(perm::indexOf).toArray();
    }

    /// The pieces of a split put together, zeros where a piece is unused.
    private Value joined(Movement.Split s) {
        var used = IntStream.range(0, cotangents.size())
                .filter(i -> cotangents.get(i).isPresent())
                .toArray();
        if (used.length == 1) {
            var before = s.sizes().stream().limit(used[0]).mapToLong(n -> n).sum();
            return cotangents
                    .get(used[0])
                    .orElseThrow()
                    .pad(
                            s.axis(),
                            before,
                            x().dim(s.axis()) - before - s.sizes().get(used[0]));
        }
        return Value.concat(
                s.axis(),
                IntStream.range(0, cotangents.size()).mapToObj(this::orZeros).toList());
    }

    /// A cotangent of largest elements, shared by those that are.
    private Value largest(Reduction.ReduceMax r) {
        var kept = x().shape();
        for (var a : r.axes()) {
            kept = kept.with(a, 1);
        }
        var axes = r.axes().stream().mapToInt(a -> a).toArray();
        var are =
                x().compare(Comparison.EQUAL, y().reshape(kept)).cast(x().type().dtype());
        return are.mul(dy().reshape(kept).div(are.sum(true, axes)));
    }

    /// Places in another order are put back in theirs, others added up.
    private List<Value> gathered(Movement.Gather m) {
        var length = x().dim(m.axis());
        var order = LongStream.range(0, length).map(m.places()::indexOf).toArray();
        return m.places().size() == length && LongStream.of(order).allMatch(i -> i >= 0)
                ? List.of(dy().gather(m.axis(), order))
                : apply(new Movement.GatherGrad(m.axis(), m.places(), length), dy());
    }

    private Value zero() {
        return x().graph().scalar(0).cast(y().type().dtype());
    }

    private Value logits() {
        var parts = new ArrayList<Value>();
        cotangents
                .get(0)
                .ifPresent(d -> parts.add(
                        apply(new Loss.SoftmaxCrossEntropyGrad(), d, y(1), x(1)).getFirst()));
        cotangents.get(1).ifPresent(d -> parts.add(d.sub(y(1).exp().mul(d.sum(true, 1)))));
        return parts.stream().reduce(Value::add).orElseThrow();
    }

    // ---- vocabulary of the table

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<Supplier<Value>> of(Supplier<Value>... entries) {
        return List.of(entries);
    }

    /// Entries that one operator computes together.
    private static List<Supplier<Value>> all(List<Value> entries) {
        return entries.stream().<Supplier<Value>>map(v -> () -> v).toList();
    }

    private List<Value> apply(Op op, Value... operands) {
        return x().graph().apply(op, operands);
    }

    private Value x() {
        return node.inputs().getFirst();
    }

    private Value x(int i) {
        return node.inputs().get(i);
    }

    private Value y() {
        return node.output();
    }

    private Value y(int i) {
        return node.outputs().get(i);
    }

    /// The cotangent of the first result.
    private Value dy() {
        return cotangents.getFirst().orElseThrow();
    }

    private Value orZeros(int result) {
        return cotangents.get(result).orElseGet(() -> Autodiff.zeros(y(result)));
    }

    private void refuse(int result, String what) {
        if (cotangents.get(result).isPresent()) {
            throw new UnsupportedOperationException(
                    Text.format("%s: %s has no gradient; compute it from the operand instead", place(), what));
        }
    }

    private String place() {
        return node.scope().isEmpty() ? node.toString() : node.scope() + ": " + node;
    }
}
