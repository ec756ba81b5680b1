package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Computes the inside of chosen layers again when their backward pass begins, so that what the backward pass reads need
/// not be kept from the forward pass on. Only what enters and leaves a layer is kept.
///
/// The second computation reads what enters the layer through an [Rewritten.Barrier] that waits for the first cotangent
/// of the layer's backward pass. So it cannot run before, and no pass takes the two for one. It is the same operators
/// on the same numbers, draws included, so gradients keep every bit.
public final class Recomputation {
    private static final String BACKWARD = "grad";
    private static final String AGAIN = ".again";

    /// One application of a layer: its nodes in the forward pass.
    ///
    /// @param again those that are run a second time, in order
    /// @param replaced results of theirs which the backward pass reads
    private record Region(List<Node> again, Set<Value> replaced) {}

    private final Map<Node, Region> firstReaders = new HashMap<>();
    /// By results of the old graph, those of the second computation in the new one.
    private final Map<Value, Value> copies = new HashMap<>();

    private Optional<Value> lastCotangent = Optional.empty();

    private Recomputation() {}

    /// The graph with layers computed again.
    ///
    /// @param graph forward pass and, in scopes that end with `grad`, backward pass
    /// @param layer from the scope of a forward node to the layer that it belongs to, if that is to be computed again
    public static Graph apply(Graph graph, Function<String, Optional<String>> layer) {
        var pass = new Recomputation();
        var readers = readers(graph);
        applications(graph, layer).forEach(nodes -> pass.plan(nodes, readers));
        return DeadValues.remove(Rewriter.rewrite(graph, pass::replay));
    }

    // ---- what is computed again

    private static Map<Value, List<Node>> readers(Graph graph) {
        var readers = new HashMap<Value, List<Node>>();
        for (var n : graph.nodes()) {
            n.inputs()
                    .forEach(v ->
                            readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n));
        }
        return readers;
    }

    /// The nodes of each application of a layer. A layer that is applied twice has other nodes in between.
    private static List<List<Node>> applications(Graph graph, Function<String, Optional<String>> layer) {
        var found = new ArrayList<List<Node>>();
        var current = Optional.<String>empty();
        for (var n : graph.nodes()) {
            if (isLeaf(n) || isBackward(n)) {
                continue;
            }
            var name = layer.apply(n.scope());
            if (name.isPresent() && !name.equals(current)) {
                found.add(new ArrayList<>());
            }
            name.ifPresent(_ -> found.getLast().add(n));
            current = name;
        }
        return found;
    }

    private void plan(List<Node> nodes, Map<Value, List<Node>> readers) {
        var again = new HashSet<Node>();
        for (var n : nodes) {
            // what leaves the layer is kept anyway, and what depends on parameters and draws alone is small
            if (!leaves(n, nodes, readers)
                    && n.inputs().stream().anyMatch(v -> again.contains(v.node()) || enters(v, nodes))) {
                again.add(n);
            }
        }
        var replaced = new HashSet<Value>();
        var needed = new HashSet<Node>();
        for (var n : nodes.reversed()) {
            if (again.contains(n)) {
                n.outputs().stream()
                        .filter(v -> of(readers, v).stream().anyMatch(Recomputation::isBackward))
                        .forEach(replaced::add);
                if (n.outputs().stream()
                        .anyMatch(v ->
                                replaced.contains(v) || of(readers, v).stream().anyMatch(needed::contains))) {
                    needed.add(n);
                }
            }
        }
        var region = new Region(nodes.stream().filter(needed::contains).toList(), replaced);
        replaced.stream()
                .flatMap(v -> of(readers, v).stream())
                .filter(Recomputation::isBackward)
                .min((a, b) -> Integer.compare(a.id(), b.id()))
                .ifPresent(first -> firstReaders.put(first, region));
    }

    private static boolean leaves(Node n, List<Node> layer, Map<Value, List<Node>> readers) {
        return n.outputs().stream()
                .anyMatch(v -> v.graph().outputs().containsValue(v)
                        || of(readers, v).stream().anyMatch(r -> !isBackward(r) && !layer.contains(r)));
    }

    /// Whether a value comes from outside the layer, and is no parameter, draw or constant.
    private static boolean enters(Value v, List<Node> layer) {
        return !isLeaf(v.node()) && !layer.contains(v.node());
    }

    private static List<Node> of(Map<Value, List<Node>> readers, Value v) {
        return readers.getOrDefault(v, List.of());
    }

    private static boolean isLeaf(Node n) {
        return n.op() instanceof Leaf.Input || n.op() instanceof Leaf.Constant;
    }

    private static boolean isBackward(Node n) {
        return n.scope().equals(BACKWARD) || n.scope().endsWith("." + BACKWARD);
    }

    // ---- the new graph

    private List<Value> replay(Node n, List<Value> operands, Rewriter to) {
        if (!isBackward(n)) {
            return to.graph().apply(n.op(), operands);
        }
        var region = firstReaders.get(n);
        if (region != null) {
            computeAgain(region, cotangent(n, operands), to);
        }
        var results = to.graph()
                .apply(
                        n.op(),
                        n.inputs().stream()
                                .map(v -> copies.containsKey(v) ? copies.get(v) : to.of(v))
                                .toList());
        if (!isLeaf(n)) {
            lastCotangent = Optional.of(results.getFirst());
        }
        return results;
    }

    /// What the layer's backward pass starts from: the newest operand of its first node that is of the backward pass, or
    /// the newest result of that at all.
    private Value cotangent(Node first, List<Value> operands) {
        Optional<Value> newest = Optional.empty();
        for (var i = 0; i < operands.size(); i++) {
            var maker = first.inputs().get(i).node();
            if (isBackward(maker)
                    && !isLeaf(maker)
                    && newest.stream().allMatch(v -> v.node().id() < maker.id())) {
                newest = Optional.of(operands.get(i));
            }
        }
        return newest.or(() -> lastCotangent)
                .orElseThrow(() -> new IllegalStateException(Text.format(
                        "%s of %s begins the backward pass and reads the forward pass", first, first.scope())));
    }

    private void computeAgain(Region region, Value cotangent, Rewriter to) {
        var entered = new HashMap<Value, Value>();
        var made = new HashMap<Value, Value>();
        for (var n : region.again()) {
            to.graph().at(n.scope() + AGAIN, "", () -> {
                var operands = n.inputs().stream()
                        .map(v -> operand(v, made, entered, cotangent, to))
                        .toList();
                var results = to.graph().apply(n.op(), operands);
                for (var i = 0; i < results.size(); i++) {
                    made.put(n.outputs().get(i), results.get(i));
                }
                return n;
            });
        }
        region.replaced().forEach(v -> copies.put(v, made.get(v)));
    }

    private static Value operand(
            Value old, Map<Value, Value> made, Map<Value, Value> entered, Value cotangent, Rewriter to) {
        var copy = made.get(old);
        if (copy != null || isLeaf(old.node())) {
            return copy != null ? copy : to.of(old);
        }
        return entered.computeIfAbsent(
                old,
                v -> to.graph()
                        .apply(new Rewritten.Barrier(), to.of(v), cotangent)
                        .getFirst());
    }
}
