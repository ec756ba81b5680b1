package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Value;
import java.util.HashSet;
import java.util.Set;

/// The maps of a ConvNet, forward and backward: what convolutions make, and what norms, pools, activations, sums and
/// gates make of that. In mixed precision all of it is computed on bfloat16, as torch's autocast does, since nearly all
/// the time goes into reading and writing it.
final class ConvolutionMaps {
    private final Set<Value> maps = new HashSet<>();

    ConvolutionMaps(Graph graph) {
        graph.nodes().stream()
                .filter(this::makesMaps)
                .forEach(n -> maps.add(n.outputs().getFirst()));
    }

    boolean contains(Value v) {
        return maps.contains(v);
    }

    /// Whether a node computes on bfloat16: maps, or gradients of what makes them. What moves elements follows
    /// its readers.
    boolean computes(Node n) {
        return switch (n.op()) {
            case Convolution.ConvWeightsGrad c -> hasKernel(c.conv());
            case Movement _ -> false;
            case Leaf _, Elementwise _, Product _, Convolution _, Pooling _, Reduction _, Activation _ ->
                maps.contains(n.outputs().getFirst());
            case SelfAttention _, Norm _, Statistic _, Loss _, Rewritten _, Optimizer _ ->
                maps.contains(n.outputs().getFirst());
        };
    }

    /// Whether such a node reads an operand in bfloat16: maps and weights, not biases and statistics.
    boolean isRead(Node n, int operand) {
        return switch (n.op()) {
            case Convolution _ -> operand < 2;
            case Norm.BatchNorm _ -> operand == 0;
            case Norm.BatchNormGrad _ -> operand < 2;
            case Norm.LayerNorm _, Norm.LayerNormGrad _ -> false;
            case Elementwise _, Pooling _, Activation _ -> true;
            case Leaf _, Product _, Reduction _, Movement _, SelfAttention _ -> false;
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    /// Only convolutions of maps `[N, H, W, C]` have kernels on bfloat16.
    private static boolean hasKernel(Convolution.Conv conv) {
        return conv.layout() == ImageLayout.NHWC;
    }

    private boolean makesMaps(Node n) {
        return switch (n.op()) {
            case Convolution.Conv c -> hasKernel(c);
            case Convolution.ConvDataGrad c -> hasKernel(c.conv());
            case Convolution.ConvWeightsGrad _ -> false;
            case Norm.BatchNorm _ -> isMap(n, 0);
            case Norm.BatchNormGrad _ -> isMap(n, 1);
            case Norm.LayerNorm _, Norm.LayerNormGrad _ -> false;
            case Pooling _ -> isMap(n, n.inputs().size() - 1);
            case Movement _ -> n.inputs().stream().allMatch(maps::contains);
            case Elementwise.Unary(var function) -> function.hasGrad() && isMap(n, 0);
            case Elementwise.UnaryGrad _ -> isMap(n, 1);
            case Elementwise.Binary(var function) -> isSumOrProduct(n, function);
            case Elementwise.Cast _, Elementwise.StopGradient _, Elementwise.Clip _ -> false;
            case Elementwise.Compare _, Elementwise.Where _ -> false;
            case Activation.AddRelu _ -> isMap(n, 0) && isMap(n, 1);
            case Activation.Softmax _, Activation.SoftmaxGrad _, Activation.Gelu _, Activation.GeluGrad _ -> false;
            case Leaf _, Product _, Reduction _, SelfAttention _ -> false;
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    private boolean isMap(Node n, int operand) {
        return maps.contains(n.inputs().get(operand));
    }

    /// Of maps, or of maps and a number for each image, which drops paths.
    private boolean isSumOrProduct(Node n, BinaryFunction function) {
        return switch (function) {
            case ADD, MUL -> {
                var shape = n.output().shape();
                yield n.inputs().stream()
                                .anyMatch(v -> maps.contains(v) && v.shape().equals(shape))
                        && n.inputs().stream().allMatch(v -> maps.contains(v) || isPerImage(v, n.output()));
            }
            case SUB, DIV, MIN, MAX, POW -> false;
        };
    }

    private static boolean isPerImage(Value v, Value map) {
        return v.shape().rank() == map.shape().rank()
                && v.dim(0) == map.dim(0)
                && v.shape().size() == v.dim(0);
    }
}
