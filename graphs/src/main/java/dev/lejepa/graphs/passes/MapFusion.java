package dev.lejepa.graphs.passes;

import static dev.lejepa.graphs.ir.BinaryFunction.ADD;
import static dev.lejepa.graphs.ir.UnaryFunction.RELU;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
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
            case Norm.BatchNorm b when onlyRelu(n).isPresent() -> to.graph().apply(b.withRelu(true), in);
            case Elementwise.Binary(var f)
            when f == ADD && onlyRelu(n).isPresent() && sameShapes(n) ->
                to.graph().apply(new Activation.AddRelu(), in);
            case Elementwise.Unary(var f) when f == RELU && isJoined(n) -> in;
            case Elementwise.UnaryGrad _ when normGradient(n).isPresent() -> List.of(in.getFirst());
            case Norm.BatchNormGrad g
            when throughRelu(n).isPresent() -> {
                var operands = new ArrayList<>(in);
                operands.add(to.of(throughRelu(n).orElseThrow().inputs().get(2)));
                yield to.graph().apply(g.withRelu(true), operands);
            }
            case Op op -> to.graph().apply(op, in);
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

    /// The gradient of the BatchNorm that a ReLU is part of, where it alone reads the ReLU's gradient.
    private Optional<Node> normGradient(Node reluGradient) {
        if (!(reluGradient.op() instanceof Elementwise.UnaryGrad(var f)) || f != RELU) {
            return Optional.empty();
        }
        var relu = reluGradient.inputs().get(1).node();
        return only(reluGradient.output())
                .filter(g -> is(relu, RELU)
                        && isGradient(g, reluGradient, relu.inputs().getFirst().node()));
    }

    private boolean isGradient(Node n, Node reluGradient, Node norm) {
        return n.op() instanceof Norm.BatchNormGrad
                && n.inputs().getFirst().equals(reluGradient.output())
                && norm.op() instanceof Norm.BatchNorm
                && onlyRelu(norm).isPresent()
                && n.inputs().get(3).equals(norm.outputs().get(3));
    }

    /// The BatchNorm with a ReLU whose gradient a node is.
    private Optional<Node> throughRelu(Node gradient) {
        var before = gradient.inputs().getFirst().node();
        return normGradient(before)
                .map(_ -> before.inputs().get(1).node().inputs().getFirst().node());
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
