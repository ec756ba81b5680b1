package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/// Cuts a graph into parts that are run one after the other and compute together what the whole computes. A node stands
/// in the earliest part that needs it. What a later part reads of an earlier one is handed over: an output of the one
/// and, under the same name, an input of the other.
///
/// Handed over is what takes memory and time to make. Constants, what parameters alone decide (a transposed weight), and
/// other shapes of a value are made again in the part that reads them.
public final class StageCut {
    /// Begins the names of values that are handed over and are no outputs of the whole.
    public static final String HANDED = "handed/";

    private static final Comparator<Value> ORDER =
            Comparator.<Value>comparingInt(v -> v.node().id()).thenComparingInt(Value::index);

    private final Graph source;
    private final SequencedMap<String, Value> outputs;
    private final ToIntFunction<String> partOf;
    private final Predicate<String> everywhere;
    private final Map<Node, Integer> places = new HashMap<>();
    /// Nodes that parameters and constants alone decide.
    private final Set<Node> free = new HashSet<>();

    private final Map<Value, String> handed = new HashMap<>();

    /// What a part needs besides its own nodes.
    ///
    /// @param nodes leaves, and nodes that are made again
    /// @param taken values of earlier parts
    private record Needs(Set<Node> nodes, TreeSet<Value> taken) {}

    private StageCut(
            Graph source,
            SequencedMap<String, Value> outputs,
            ToIntFunction<String> partOf,
            Predicate<String> everywhere) {
        this.source = source;
        this.outputs = outputs;
        this.partOf = partOf;
        this.everywhere = everywhere;
    }

    /// @param names of the parts, in the order in which they run
    /// @param partOf the number of the part, from 0, that has an output of the whole
    /// @param everywhere says of an input's name whether what it alone decides is made again rather than handed over
    /// @return a graph for each part; its inputs are those of the whole that it reads, then what is handed to it
    public static List<Graph> apply(
            Graph graph, List<String> names, ToIntFunction<String> partOf, Predicate<String> everywhere) {
        return new StageCut(Verifier.verify(graph), graph.outputs(), partOf, everywhere).run(names);
    }

    /// What some outputs of a graph need, and no more.
    ///
    /// @param chosen says of an output's name whether the part has it
    public static Graph only(Graph graph, String name, Predicate<String> chosen) {
        var outputs = new LinkedHashMap<>(graph.outputs());
        outputs.keySet().removeIf(chosen.negate());
        return new StageCut(Verifier.verify(graph), outputs, _ -> 0, _ -> false)
                .run(List.of(name))
                .getFirst();
    }

    private List<Graph> run(List<String> names) {
        place(names.size());
        findFree();
        var needs = new ArrayList<Needs>();
        for (var part = 0; part < names.size(); part++) {
            needs.add(needs(part));
        }
        needs.stream().flatMap(n -> n.taken().stream()).sorted(ORDER).forEach(this::name);
        var graphs = new ArrayList<Graph>();
        for (var part = 0; part < names.size(); part++) {
            graphs.add(build(names.get(part), part, needs));
        }
        return graphs;
    }

    // ---- where nodes stand

    private void place(int parts) {
        outputs.forEach((label, v) -> {
            var part = partOf.applyAsInt(label);
            if (part < 0 || part >= parts) {
                throw new IllegalArgumentException(
                        Text.format("output '%s' is to be in part %d of %d", label, part, parts));
            }
            places.merge(v.node(), part, Math::min);
        });
        for (var n : source.nodes().reversed()) {
            var part = places.get(n);
            if (part != null) {
                n.inputs().forEach(v -> places.merge(v.node(), part, Math::min));
            }
        }
    }

    private boolean standsIn(Node n, int part) {
        return !isLeaf(n) && places.getOrDefault(n, -1) == part;
    }

    private static boolean isLeaf(Node n) {
        return n.op() instanceof Leaf;
    }

    private void findFree() {
        for (var n : source.nodes()) {
            var cheap = n.op() instanceof Movement || n.op() instanceof Elementwise;
            if (cheap && n.inputs().stream().allMatch(v -> isFree(v.node()))) {
                free.add(n);
            }
        }
    }

    private boolean isFree(Node n) {
        return n.op() instanceof Leaf.Constant
                || n.op() instanceof Leaf.Input(var label, var _) && everywhere.test(label)
                || free.contains(n);
    }

    // ---- what is handed over

    private Needs needs(int part) {
        var needs = new Needs(new HashSet<>(), new TreeSet<>(ORDER));
        source.nodes().stream()
                .filter(n -> standsIn(n, part))
                .flatMap(n -> n.inputs().stream())
                .forEach(v -> need(v, part, needs));
        outputs.forEach((label, v) -> {
            if (partOf.applyAsInt(label) == part) {
                need(v, part, needs);
            }
        });
        return needs;
    }

    private void need(Value v, int part, Needs needs) {
        var n = v.node();
        if (standsIn(n, part)) {
            return;
        }
        if (isLeaf(n) || free.contains(n) || isOtherShape(n)) {
            if (needs.nodes().add(n)) {
                n.inputs().forEach(operand -> need(operand, part, needs));
            }
        } else {
            needs.taken().add(v);
        }
    }

    /// Whether a node gives its operand another shape, at no cost.
    private static boolean isOtherShape(Node n) {
        return n.op() instanceof Movement.Reshape || n.op() instanceof Movement.Expand;
    }

    /// An output of the whole keeps its name when it is handed over too.
    private void name(Value v) {
        if (handed.containsKey(v)) {
            return;
        }
        var scope = v.node().scope();
        var own = HANDED + (scope.isEmpty() ? "" : scope + ".") + handed.size();
        var name = outputs.sequencedEntrySet().stream()
                .filter(e -> e.getValue().equals(v) && standsIn(v.node(), partOf.applyAsInt(e.getKey())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(own);
        handed.put(v, name);
    }

    // ---- the parts

    private Graph build(String name, int part, List<Needs> all) {
        var graph = new Graph(name);
        var known = new HashMap<Value, Value>();
        var needs = all.get(part);
        source.inputs().forEach((label, v) -> {
            if (needs.nodes().contains(v.node())) {
                known.put(v, graph.input(label, v.type()));
            }
        });
        needs.taken().forEach(v -> known.put(v, graph.input(nameOf(v), v.type())));
        source.nodes().stream().filter(n -> standsIn(n, part)).forEach(n -> make(n, graph, known));
        outputs.forEach((label, v) -> {
            if (partOf.applyAsInt(label) == part) {
                if (!known.containsKey(v)) {
                    make(v.node(), graph, known);
                }
                graph.output(label, of(known, v));
            }
        });
        all.stream()
                .flatMap(n -> n.taken().stream())
                .filter(v -> standsIn(v.node(), part))
                .distinct()
                .sorted(ORDER)
                .filter(v -> !graph.outputs().containsKey(nameOf(v)))
                .forEach(v -> graph.output(nameOf(v), of(known, v)));
        return Verifier.verify(graph);
    }

    /// Makes a node, and before it what is made again for it and was not yet: an engine that found all of that at the
    /// beginning would begin with whatever reads it first, and that may be the end of the backward pass.
    private static void make(Node n, Graph graph, Map<Value, Value> known) {
        for (var v : n.inputs()) {
            if (!known.containsKey(v)) {
                make(v.node(), graph, known);
            }
        }
        var operands = n.inputs().stream().map(v -> of(known, v)).toList();
        var results = graph.at(n.scope(), "", () -> graph.apply(n.op(), operands));
        for (var i = 0; i < results.size(); i++) {
            known.put(n.outputs().get(i), results.get(i));
        }
    }

    private String nameOf(Value v) {
        return of(handed, v);
    }

    private static <T> T of(Map<Value, T> map, Value v) {
        var found = map.get(v);
        if (found == null) {
            throw new IllegalStateException(Text.format("%s of %s is needed and was not made", v, v.node()));
        }
        return found;
    }
}
