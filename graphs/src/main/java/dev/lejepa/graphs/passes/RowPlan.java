package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/// Which nodes of a graph [RowFusion] computes together.
///
/// From the last node to the first, each joins the formula of one of its readers if it makes rows of the same shape,
/// there is no LayerNorm in both, and no other reader of it comes before that formula: a formula is computed at once, so
/// nothing may lie between its nodes. An operand that is widened for one formula is widened as it is read, also where it
/// is broadcast. A sum over all rows is known when its formula is done, so none of its readers can be of it.
final class RowPlan {
    /// Nodes of one formula, more of which would need more registers than a thread has.
    private static final int MOST = 48;

    private final Graph graph;
    private final Map<Value, List<Node>> readers = new HashMap<>();
    private final Map<Node, Unit> units = new HashMap<>();

    /// What is computed at once: the nodes of a formula, or a node of its own.
    record Unit(TreeSet<Node> nodes) {
        private static Unit of(Node n) {
            var nodes = new TreeSet<>(Comparator.comparingInt(Node::id));
            nodes.add(n);
            return new Unit(nodes);
        }

        /// Whether it becomes a formula.
        boolean isFormula() {
            var first = nodes.first();
            return RowOps.fits(first) && (nodes.size() > 1 || RowOps.isComposite(first));
        }

        private boolean hasNorm() {
            return nodes.stream().anyMatch(RowOps::isNorm);
        }

        private int sums() {
            return nodes.stream().mapToInt(RowOps::sums).sum();
        }

        @Override
        public boolean equals(Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    RowPlan(Graph graph) {
        this.graph = graph;
        graph.nodes()
                .forEach(n -> n.inputs()
                        .forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>())
                                .add(n)));
        graph.nodes().forEach(n -> units.put(n, Unit.of(n)));
        graph.nodes().reversed().forEach(n -> {
            joinReaders(n);
            if (RowOps.fits(n) && !RowOps.isSum(n)) {
                join(n);
            }
        });
    }

    /// All units, each after those that it reads of, and otherwise by their last nodes.
    List<Unit> order() {
        var open = new HashMap<Unit, Integer>();
        var ready = new PriorityQueue<Unit>(
                Comparator.comparingInt(u -> u.nodes().last().id()));
        for (var u : new LinkedHashSet<>(units.values())) {
            var before = before(u).size();
            open.put(u, before);
            if (before == 0) {
                ready.add(u);
            }
        }
        var order = new ArrayList<Unit>();
        while (!ready.isEmpty()) {
            var u = ready.remove();
            order.add(u);
            after(u).forEach(next -> {
                if (open.merge(next, -1, Integer::sum) == 0) {
                    ready.add(next);
                }
            });
        }
        return order;
    }

    /// Whether a value is needed outside its own unit.
    boolean isResult(Value v) {
        var unit = unit(v.node());
        return graph.outputs().containsValue(v)
                || readers.getOrDefault(v, List.of()).stream().anyMatch(r -> unit(r) != unit);
    }

    Unit unit(Node n) {
        var found = units.get(n);
        if (found == null) {
            throw new IllegalArgumentException(n + " is of another graph");
        }
        return found;
    }

    private void join(Node n) {
        var all = new LinkedHashSet<Unit>();
        n.outputs().forEach(v -> readers.getOrDefault(v, List.of()).forEach(r -> all.add(unit(r))));
        readers.getOrDefault(n.outputs().getFirst(), List.of()).stream()
                .filter(r -> RowOps.fits(r) && isOfRows(n, r, all.size() == 1))
                .map(this::unit)
                .distinct()
                .sorted(Comparator.comparingInt(u -> u.nodes().first().id()))
                .filter(u -> u.nodes().size() < MOST && u.sums() + RowOps.sums(n) <= Rewritten.Rows.MOST_SUMS)
                .filter(u -> !(RowOps.isNorm(n) && u.hasNorm()))
                .filter(u -> all.stream().allMatch(r -> r == u) || !reaches(all, u))
                .findFirst()
                .ifPresent(u -> {
                    u.nodes().add(n);
                    units.put(n, u);
                });
    }

    /// Formulas that read a node become one where that costs nothing.
    ///
    /// These are those that give nothing but sums, so that what they sum up is read once, and those of a single row,
    /// which take no longer than a launch.
    private void joinReaders(Node n) {
        var all = readers.getOrDefault(n.outputs().getFirst(), List.of()).stream()
                .filter(r -> RowOps.fits(r) && isOfRows(n, r, false))
                .map(this::unit)
                .distinct()
                .filter(u -> isSingleRow(u) || givesSums(u))
                .sorted(Comparator.comparingInt(u -> u.nodes().first().id()))
                .toList();
        for (var i = 1; i < all.size(); i++) {
            join(all.getFirst(), all.get(i));
        }
    }

    private static boolean isSingleRow(Unit u) {
        return RowOps.rows(u.nodes().last()).shape().rank() == 1;
    }

    private boolean givesSums(Unit u) {
        return u.nodes().stream()
                .allMatch(n -> RowOps.isSum(n) || n.outputs().stream().noneMatch(this::isResult));
    }

    /// Moves the nodes of one formula to another of the same rows, unless one reads what the other gives.
    private void join(Unit to, Unit from) {
        if (!(to.hasNorm() && from.hasNorm())
                && to.sums() + from.sums() <= Rewritten.Rows.MOST_SUMS
                && to.nodes().size() + from.nodes().size() < MOST
                && !reaches(Set.of(to), from)
                && !reaches(Set.of(from), to)) {
            to.nodes().addAll(from.nodes());
            from.nodes().forEach(n -> units.put(n, to));
        }
    }

    /// Whether a reader's formula has the rows that a node makes, or broadcasts an operand that the node widens.
    ///
    /// @param alone whether all readers are in that formula
    private boolean isOfRows(Node n, Node reader, boolean alone) {
        var own = RowOps.rows(n).shape();
        var rows = RowOps.rows(unit(reader).nodes().last()).shape();
        return own.equals(rows)
                || alone
                        && RowOps.isWidening(n)
                        && reader.op() instanceof Elementwise.Binary
                        && !graph.outputs().containsValue(n.output())
                        && own.dim(-1) == rows.dim(-1);
    }

    /// Whether a path leads from others of some units to one of them.
    private boolean reaches(Set<Unit> from, Unit to) {
        var seen = new HashSet<Unit>();
        var open = new ArrayDeque<Unit>();
        from.stream().filter(u -> u != to).forEach(open::add);
        while (!open.isEmpty()) {
            var u = open.remove();
            if (u == to) {
                return true;
            }
            if (seen.add(u)) {
                open.addAll(after(u));
            }
        }
        return false;
    }

    private Set<Unit> after(Unit unit) {
        var found = new LinkedHashSet<Unit>();
        for (var n : unit.nodes()) {
            for (var v : n.outputs()) {
                readers.getOrDefault(v, List.of()).forEach(r -> found.add(unit(r)));
            }
        }
        found.remove(unit);
        return found;
    }

    private Set<Unit> before(Unit unit) {
        var found = new LinkedHashSet<Unit>();
        unit.nodes().forEach(n -> n.inputs().forEach(v -> found.add(unit(v.node()))));
        found.remove(unit);
        return found;
    }
}
