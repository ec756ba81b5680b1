package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Rewrites a float32 training graph to mixed precision: matrix products, attention and GELU read and write bfloat16,
/// and so do sums, gates and activations of maps between convolutions ([ConvolutionMaps]); all else stays float32
/// ([#reads] is the table). Products are summed in float32 and rounded once, and not at all where float32 is what their
/// readers want. So residual streams, statistics, losses and gradients of parameters stay float32.
///
/// Parameters that products read become inputs of their own, bfloat16 copies which the optimizer writes: no weight is
/// converted in a step. No value is converted twice, and none back and forth.
public final class MixedPrecision {
    /// How a node reads an operand.
    private enum Read {
        FLOAT32,
        BFLOAT16,
        /// As the readers of the node's own result do.
        FOLLOWS,
        /// In bfloat16 if the operand is made in that type, else in float32.
        EITHER
    }

    private final Graph source;
    private final Function<String, Optional<String>> copies;
    private final Graph target;
    private final ConvolutionMaps maps;
    /// Values that some node reads in float32, and in bfloat16.
    private final Set<Value> wide = new HashSet<>();

    private final Set<Value> narrow = new HashSet<>();
    /// What stands for a value of the old graph, in each of the two types that was asked for.
    private final Map<Value, Value> asFloat = new HashMap<>();

    private final Map<Value, Value> asHalf = new HashMap<>();

    private MixedPrecision(Graph source, Function<String, Optional<String>> copies) {
        this.source = source;
        this.copies = copies;
        this.target = new Graph(source.name());
        this.maps = new ConvolutionMaps(source);
    }

    /// The graph in mixed precision. Outputs keep their types; parameters that only products read are inputs no more.
    ///
    /// @param copies from the name of an input to the name of its bfloat16 copy, if it has one
    public static Graph apply(Graph graph, Function<String, Optional<String>> copies) {
        var pass = new MixedPrecision(Verifier.verify(graph), copies);
        pass.findReaders();
        pass.declareInputs();
        for (var n : graph.nodes()) {
            if (!(n.op() instanceof Leaf.Input)) {
                pass.target.at(n.scope(), "", () -> {
                    pass.replay(n);
                    return n;
                });
            }
        }
        graph.outputs().forEach((label, v) -> pass.target.output(label, pass.wide(v)));
        return Verifier.verify(pass.target);
    }

    private Read reads(Node n, int operand) {
        if (maps.computes(n)) {
            return maps.isRead(n, operand) ? Read.BFLOAT16 : Read.FLOAT32;
        }
        if (n.op() instanceof Reduction.ReduceSum sum
                && maps.contains(n.inputs().getFirst())
                && overLeading(sum)) {
            return Read.EITHER;
        }
        return reads(n.op(), operand);
    }

    private static boolean overLeading(Reduction.ReduceSum sum) {
        return IntStream.range(0, sum.axes().size()).allMatch(i -> sum.axes().get(i) == i);
    }

    private static Read reads(Op op, int operand) {
        return switch (op) {
            case Product.Gemm _ -> operand < 2 ? Read.BFLOAT16 : Read.FLOAT32;
            case Activation.Gelu _, Activation.GeluGrad _, SelfAttention.Attention _ -> Read.BFLOAT16;
            case SelfAttention.AttentionGrad _ -> operand < 3 ? Read.BFLOAT16 : Read.FLOAT32;
            case Movement.Reshape _, Movement.Transpose _, Movement.Slice _, Movement.Split _ -> Read.FOLLOWS;
            case Movement.Concat _, Movement.Gather _ -> Read.FOLLOWS;
            case Elementwise.Unary(var function) -> function.hasGrad() ? Read.FOLLOWS : Read.FLOAT32;
            case Elementwise.UnaryGrad _ -> Read.FOLLOWS;
            case Reduction.ReduceSum sum -> sum.axes().equals(List.of(0)) ? Read.EITHER : Read.FLOAT32;
            case Movement.Expand _, Movement.Pad _, Movement.GatherGrad _, Product.MatMul _ -> Read.FLOAT32;
            case Reduction.ReduceMean _, Reduction.ReduceMax _ -> Read.FLOAT32;
            case Elementwise.Binary _, Elementwise.StopGradient _, Elementwise.Cast _ -> Read.FLOAT32;
            case Elementwise.Clip _, Elementwise.Compare _, Elementwise.Where _ -> Read.FLOAT32;
            case Convolution _, Pooling _ -> Read.FLOAT32;
            case Activation.Softmax _, Activation.SoftmaxGrad _, Activation.AddRelu _ -> Read.FLOAT32;
            case Leaf _, Norm _, Statistic _, Loss _, Rewritten _, Optimizer _ -> Read.FLOAT32;
        };
    }

    // ---- who reads what

    private void findReaders() {
        wide.addAll(source.outputs().values());
        for (var n : source.nodes().reversed()) {
            for (var i = 0; i < n.inputs().size(); i++) {
                note(n, n.inputs().get(i), reads(n, i));
            }
        }
    }

    private void note(Node reader, Value operand, Read read) {
        if (!isFloat(operand)) {
            return;
        }
        switch (read) {
            case FLOAT32 -> wide.add(operand);
            case BFLOAT16 -> narrow.add(operand);
            case FOLLOWS -> {
                if (reader.outputs().stream().anyMatch(wide::contains)) {
                    wide.add(operand);
                }
                if (reader.outputs().stream().anyMatch(narrow::contains)) {
                    narrow.add(operand);
                }
            }
            case EITHER -> {} // it takes what is there
        }
    }

    /// Whether a value is made in bfloat16: its operator can, and no reader wants more digits.
    private boolean isNarrow(Value v) {
        if (maps.computes(v.node())) {
            return maps.contains(v);
        }
        return switch (v.node().op()) {
            case Activation.Gelu _, Activation.GeluGrad _, SelfAttention.AttentionGrad _ -> true;
            case SelfAttention.Attention _ -> v.index() == 0;
            case Product.Gemm _ -> !wide.contains(v);
            case Norm.LayerNorm _ -> v.index() == 0 && !wide.contains(v);
            case Product.MatMul _, Norm.LayerNormGrad _, Norm.BatchNorm _, Norm.BatchNormGrad _ -> false;
            case Convolution _, Pooling _ -> false;
            case Activation.Softmax _, Activation.SoftmaxGrad _, Activation.AddRelu _ -> false;
            case Movement _, Elementwise _ ->
                follows(v.node().op())
                        && !wide.contains(v)
                        && (narrow.contains(v) || isNarrow(v.node().inputs().getFirst()));
            case Leaf _, Reduction _, Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    private static boolean follows(Op op) {
        return reads(op, 0) == Read.FOLLOWS;
    }

    private static boolean isFloat(Value v) {
        return v.type().dtype() == DType.FLOAT32;
    }

    // ---- the new graph

    private void declareInputs() {
        source.inputs().forEach((label, v) -> {
            var copy = copies.apply(label);
            if (narrow.contains(v) && copy.isPresent()) {
                asHalf.put(v, target.input(copy.get(), new Type(DType.BFLOAT16, v.shape())));
            }
            if (copy.isEmpty() || !narrow.contains(v) || wide.contains(v)) {
                asFloat.put(v, target.input(label, v.type()));
            }
        });
    }

    private void replay(Node n) {
        if (n.op() instanceof Reduction.ReduceSum sum
                && isNarrow(n.inputs().getFirst())
                && reads(n, 0) == Read.EITHER) {
            asFloat.put(n.output(), columnSums(narrow(n.inputs().getFirst()), sum));
            return;
        }
        var op = withResult(n);
        var operands = new Value[n.inputs().size()];
        for (var i = 0; i < operands.length; i++) {
            var operand = n.inputs().get(i);
            operands[i] = readsNarrow(n, i) ? narrow(operand) : wide(operand);
        }
        var results = target.apply(op, operands);
        for (var i = 0; i < results.size(); i++) {
            var old = n.outputs().get(i);
            (results.get(i).type().dtype() == DType.BFLOAT16 ? asHalf : asFloat).put(old, results.get(i));
        }
    }

    private boolean readsNarrow(Node n, int operand) {
        return isFloat(n.inputs().get(operand))
                && switch (reads(n, operand)) {
                    case FLOAT32, EITHER -> false;
                    case BFLOAT16 -> true;
                    case FOLLOWS -> n.outputs().stream().allMatch(this::isNarrow);
                };
    }

    private Op withResult(Node n) {
        var result = isNarrow(n.outputs().getFirst()) ? DType.BFLOAT16 : DType.FLOAT32;
        return switch (n.op()) {
            case Product.Gemm g -> new Product.Gemm(g.transA(), g.transB(), result);
            case Norm.LayerNorm norm -> new Norm.LayerNorm(norm.epsilon(), result);
            case Leaf _, Elementwise _, Reduction _, Movement _, Activation _, SelfAttention _ -> n.op();
            case Product.MatMul _, Norm.LayerNormGrad _, Norm.BatchNorm _, Norm.BatchNormGrad _ -> n.op();
            case Convolution.Conv c -> c.to(result);
            case Convolution.ConvDataGrad c ->
                new Convolution.ConvDataGrad(c.conv().to(result), c.height(), c.width());
            case Convolution.ConvWeightsGrad _, Pooling _ -> n.op();
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> n.op();
        };
    }

    /// Sums over rows, added up in float32, as a product with a row of ones.
    private Value columnSums(Value rows, Reduction.ReduceSum sum) {
        var shape = rows.shape();
        var count = sum.axes().stream().mapToLong(shape::dim).reduce(1, Math::multiplyExact);
        var matrix = rows.reshape(count, shape.size() / count);
        var ones = target.constant(Tensor.filled(Shape.of(1, count), 1)).cast(DType.BFLOAT16);
        var sums = ones.gemm(matrix, false, false, DType.FLOAT32);
        return sums.reshape(new Reduction.ReduceSum(sum.axes(), sum.keepDims())
                .infer(List.of(rows.type()))
                .getFirst()
                .shape());
    }

    /// A value of the old graph as it is needed in float32, or in the type that it has, if it is no number.
    private Value wide(Value old) {
        return asFloat.computeIfAbsent(old, v -> narrow(v).cast(DType.FLOAT32));
    }

    private Value narrow(Value old) {
        var known = asHalf.get(old);
        if (known == null) {
            known = follows(old.node().op()) && old.node().outputs().size() == 1 && asFloat.get(old) == null
                    ? viewOfNarrow(old)
                    : asFloatOf(old).cast(DType.BFLOAT16);
            asHalf.put(old, known);
        }
        return known;
    }

    private Value asFloatOf(Value old) {
        var found = asFloat.get(old);
        if (found == null) {
            throw new IllegalStateException(Text.format("%s was never made", old));
        }
        return found;
    }

    private Value viewOfNarrow(Value old) {
        var operands = old.node().inputs().stream().map(this::narrow).toList();
        return target.apply(old.node().op(), operands).getFirst();
    }
}
