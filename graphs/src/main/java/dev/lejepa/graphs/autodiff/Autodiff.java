package dev.lejepa.graphs.autodiff;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The vector-Jacobian product: cotangents of some values in, cotangents of others out.
///
/// The nodes that it appends stand in the scope of the layer they differentiate, with `.grad` at its end.
public final class Autodiff {
    private final Graph graph;
    private final Set<Value> active;
    private final Map<Value, Value> cotangents = new HashMap<>();

    private Autodiff(Graph graph, List<Value> wrt) {
        this.graph = graph;
        this.active = active(graph, wrt);
    }

    /// The gradients of a scalar.
    ///
    /// @param loss a float scalar
    /// @param wrt what to differentiate with respect to: inputs or intermediate values
    /// @return one gradient for each of `wrt`, of its type, in its order; zeros where `loss` does not depend on it, as
    ///     on a bias that a BatchNorm takes away again
    public static List<Value> gradients(Value loss, List<Value> wrt) {
        if (loss.shape().rank() != 0 || !loss.type().dtype().isFloat()) {
            throw new IllegalArgumentException(
                    Text.format("gradients are those of a float scalar, found %s; use pullback", loss));
        }
        var one = loss.graph().scalar(1).cast(loss.type().dtype());
        return pullback(Map.of(loss, one), wrt, v -> !isStill(loss, v));
    }

    /// Whether an input is a bias that shifts rows alike which a BatchNorm on the way to `loss` centers: it has no
    /// gradient, and would get rounding instead.
    public static boolean isStill(Value loss, Value input) {
        return Shifts.takenAway(loss, input);
    }

    /// Pulls cotangents back.
    ///
    /// @param seeds values with their cotangents, each of its value's type
    /// @param wrt what to differentiate with respect to: inputs or intermediate values
    /// @return one cotangent for each of `wrt`, of its type, in its order; zeros where no seeded value depends on it
    /// @throws UnsupportedOperationException if a node on the way has no gradient; the message says where
    public static List<Value> pullback(Map<Value, Value> seeds, List<Value> wrt) {
        return pullback(seeds, wrt, _ -> true);
    }

    /// Pulls cotangents back.
    ///
    /// @param moves which of `wrt` to differentiate with respect to; the others get zeros
    /// @return one cotangent for each of `wrt`, as [#pullback(Map, List)] has them
    public static List<Value> pullback(Map<Value, Value> seeds, List<Value> wrt, Predicate<Value> moves) {
        if (wrt.isEmpty()) {
            return List.of();
        }
        wrt.forEach(Autodiff::requireFloat);
        var walk =
                new Autodiff(wrt.getFirst().graph(), wrt.stream().filter(moves).toList());
        seeds.forEach(walk::seed);
        walk.run();
        return wrt.stream().map(walk::result).toList();
    }

    private void seed(Value value, Value cotangent) {
        requireFloat(value);
        if (!cotangent.type().equals(value.type())) {
            throw new IllegalArgumentException(
                    Text.format("the cotangent of %s must have its type, found %s", value, cotangent));
        }
        if (active.contains(value)) {
            cotangents.put(value, cotangent);
        }
    }

    private void run() {
        var last =
                cotangents.keySet().stream().mapToInt(v -> v.node().id()).max().orElse(-1);
        for (var id = last; id >= 0; id--) {
            var node = graph.nodes().get(id);
            var reached = node.outputs().stream().anyMatch(cotangents::containsKey);
            if (reached && node.inputs().stream().anyMatch(active::contains)) {
                graph.at(scope(node), "gradient", () -> {
                    visit(node);
                    return node;
                });
            }
        }
    }

    /// Adds what the node passes on to the cotangents of its active operands.
    private void visit(Node node) {
        var results = node.outputs().stream()
                .map(v -> Optional.ofNullable(cotangents.get(v)))
                .toList();
        var rows = Pullbacks.of(node, results);
        for (var i = 0; i < rows.size(); i++) {
            var operand = node.inputs().get(i);
            if (active.contains(operand)) {
                var cotangent = unbroadcast(rows.get(i).get(), operand.shape());
                cotangents.merge(operand, cotangent, Value::add);
            }
        }
    }

    /// The sum of `cotangent` over the axes along which an operand of this shape was broadcast.
    private static Value unbroadcast(Value cotangent, Shape operand) {
        var from = cotangent.shape();
        if (from.equals(operand)) {
            return cotangent;
        }
        var added = from.rank() - operand.rank();
        var axes = IntStream.range(0, from.rank())
                .filter(i -> i < added
                        || operand.dim(i - added) != from.dim(i)
                        || i == 0 && from.batched() && !operand.batched())
                .toArray();
        return cotangent.sum(false, axes).reshape(operand);
    }

    private Value result(Value wanted) {
        var found = cotangents.get(wanted);
        return found != null ? found : graph.at(scope(wanted.node()), "gradient", () -> zeros(wanted));
    }

    /// Zeros of a value's type, as one number that is expanded: a constant of that size would bloat the written graph.
    static Value zeros(Value like) {
        return like.graph().scalar(0).cast(like.type().dtype()).expand(like.shape());
    }

    /// The values that depend on `wrt` in a differentiable way, `wrt` among them.
    private static Set<Value> active(Graph graph, List<Value> wrt) {
        var found = new HashSet<>(wrt);
        for (var node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(found::contains)) {
                node.outputs().stream().filter(Pullbacks::passesGradient).forEach(found::add);
            }
        }
        return found;
    }

    private static String scope(Node node) {
        return node.scope().isEmpty() ? "grad" : node.scope() + ".grad";
    }

    private static void requireFloat(Value value) {
        if (!value.type().dtype().isFloat()) {
            throw new IllegalArgumentException(Text.format("%s has no gradient: it is no float tensor", value));
        }
    }
}
