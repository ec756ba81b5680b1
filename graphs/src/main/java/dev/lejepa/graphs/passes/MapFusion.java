package dev.lejepa.graphs.passes;

import static dev.lejepa.graphs.ir.BinaryFunction.ADD;
import static dev.lejepa.graphs.ir.BinaryFunction.MUL;
import static dev.lejepa.graphs.ir.UnaryFunction.RELU;
import static dev.lejepa.graphs.ir.UnaryFunction.SIGN;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Joins a ReLU of maps with the BatchNorm or the sum before it, and with their gradients, so that maps, which fit into
/// no cache, are read and written once.
public final class MapFusion {
    private final Graph source;
    private final Map<Value, List<Node>> readers = new HashMap<>();

    private MapFusion(Graph source) {
        this.source = source;
        for (var n : source.nodes()) {
            n.inputs()
                    .forEach(v ->
                            readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n));
        }
    }

    /// The graph with joined operators; what they no longer need stays.
    public static Graph apply(Graph graph) {
        var pass = new MapFusion(graph);
        return Rewriter.rewrite(graph, pass::replace);
    }

    private List<Value> replace(Node n, List<Value> in, Rewriter to) {
        return switch (n.op()) {
            case Norm.BatchNorm b
            when onlyRelu(n).isPresent() ->
                to.graph().apply(new Norm.BatchNorm(b.axis(), b.epsilon(), b.momentum(), true), in);
            case Elementwise.Binary(var f)
            when f == ADD && onlyRelu(n).isPresent() && sameShapes(n) ->
                to.graph().apply(new Activation.AddRelu(), in);
            case Elementwise.Unary(var f) when f == RELU && isJoined(n) -> in;
            case Elementwise.Binary(var f)
            when f == MUL && opened(n).isPresent() -> {
                var relu = opened(n).orElseThrow();
                var dy = in.get(sign(n) == 0 ? 1 : 0);
                yield normGradient(n, relu).isPresent()
                        ? List.of(dy)
                        : to.graph().apply(new Activation.ReluGrad(), dy, to.of(relu));
            }
            case Norm.BatchNormGrad g
            when throughRelu(n).isPresent() -> {
                var operands = new ArrayList<>(in);
                operands.add(to.of(throughRelu(n).orElseThrow().inputs().get(2)));
                yield to.graph().apply(new Norm.BatchNormGrad(g.axis(), true), operands);
            }
            default -> to.graph().apply(n.op(), in);
        };
    }

    /// The ReLU that alone reads the first result of a node, which are maps.
    private Optional<Node> onlyRelu(Node n) {
        var y = n.outputs().getFirst();
        return y.shape().rank() == 4 && !source.outputs().containsValue(y)
                ? only(y).filter(r -> is(r, RELU))
                : Optional.empty();
    }

    private Optional<Node> only(Value v) {
        var all = readers.getOrDefault(v, List.of());
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    /// Whether a ReLU is part of the operator before it.
    private boolean isJoined(Node relu) {
        var before = relu.inputs().getFirst().node();
        return onlyRelu(before).isPresent()
                && (before.op() instanceof Norm.BatchNorm || is(before, ADD) && sameShapes(before));
    }

    /// The result of the ReLU of maps whose gradient a product is: that of something with its sign.
    private static Optional<Value> opened(Node product) {
        var sign = sign(product);
        if (sign < 0) {
            return Optional.empty();
        }
        var y = product.inputs().get(sign).node().inputs().getFirst();
        return is(y.node(), RELU) && y.shape().rank() == 4 && sameShapes(product) ? Optional.of(y) : Optional.empty();
    }

    /// Which operand of a product is a sign; -1 if none is.
    private static int sign(Node product) {
        for (var i = 0; i < product.inputs().size(); i++) {
            if (is(product.inputs().get(i).node(), SIGN)) {
                return i;
            }
        }
        return -1;
    }

    /// The gradient of the BatchNorm that the ReLU is part of, where it alone reads the product.
    private Optional<Node> normGradient(Node product, Value relu) {
        return only(product.output())
                .filter(g -> g.op() instanceof Norm.BatchNormGrad
                        && g.inputs().getFirst().equals(product.output())
                        && isOf(g, relu.node().inputs().getFirst().node()));
    }

    private boolean isOf(Node gradient, Node norm) {
        return norm.op() instanceof Norm.BatchNorm
                && onlyRelu(norm).isPresent()
                && gradient.inputs().get(3).equals(norm.outputs().get(3));
    }

    /// The BatchNorm with a ReLU whose gradient a node is.
    private Optional<Node> throughRelu(Node gradient) {
        var product = gradient.inputs().getFirst().node();
        return is(product, MUL)
                ? opened(product)
                        .filter(relu -> normGradient(product, relu).isPresent())
                        .map(relu -> relu.node().inputs().getFirst().node())
                : Optional.empty();
    }

    private static boolean sameShapes(Node n) {
        return n.inputs().get(0).shape().equals(n.inputs().get(1).shape());
    }

    private static boolean is(Node n, UnaryFunction function) {
        return n.op() instanceof Elementwise.Unary(var f) && f == function;
    }

    private static boolean is(Node n, BinaryFunction function) {
        return n.op() instanceof Elementwise.Binary(var f) && f == function;
    }
}
