package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
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

    /// Whether a node computes maps of maps element by element.
    boolean isElementwise(Node n) {
        return switch (n.op()) {
            case Elementwise.Unary _, Elementwise.UnaryGrad _, Elementwise.Binary _ -> maps.contains(n.output());
            case Elementwise.Cast _, Elementwise.StopGradient _, Elementwise.Clip _ -> false;
            case Elementwise.Compare _, Elementwise.Where _ -> false;
            case Leaf _, Product _, Convolution _, Pooling _, Reduction _, Movement _, Activation _ -> false;
            case SelfAttention _, Norm _, Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    private boolean makesMaps(Node n) {
        return switch (n.op()) {
            case Convolution.Conv _, Convolution.ConvDataGrad _ -> true;
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
            case Leaf _, Product _, Reduction _, Activation _, SelfAttention _ -> false;
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
