package dev.lejepa.graphs.passes;

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
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/// Which nodes of a graph [ColumnFusion] fuses, and with which others.
///
/// An elementary node makes a tensor of columns element by element; its operands are columns of the same shape, or
/// broadcast to it. A result is what must exist outside formulas: the sum over rows of a tensor of columns, or an
/// elementary node's value that another node reads. The level of a value is the number of formulas that come before it,
/// one after the other.
final class FusionPlan {
    private final Graph graph;
    private final String scope;
    private final Set<Node> elementary = new HashSet<>();
    /// Elementary nodes whose operands include a whole tensor of columns, directly or by others: the rest makes nothing
    /// but broadcast rows.
    private final Set<Node> whole = new HashSet<>();

    private final Set<Value> results = new LinkedHashSet<>();
    private final Set<Node> plain = new HashSet<>();
    private final Map<Node, Integer> levels = new HashMap<>();
    private final List<Group> groups;

    /// What one formula computes.
    ///
    /// @param level of its operands
    /// @param shape of its columns
    record Group(int level, Shape shape, List<Value> results) {}

    private record Key(int level, Shape shape) {}

    FusionPlan(Graph graph, String scope) {
        this.graph = graph;
        this.scope = scope;
        graph.nodes().stream().filter(this::canFuse).forEach(this::addElementary);
        graph.nodes().stream().filter(n -> !elementary.contains(n)).forEach(this::read);
        graph.outputs().values().forEach(this::need);
        graph.nodes().forEach(n -> levels.put(n, levelOf(n)));
        this.groups = grouped();
    }

    /// In ascending order of levels.
    List<Group> groups() {
        return groups;
    }

    boolean isElementary(Node n) {
        return elementary.contains(n);
    }

    /// Whether a node exists outside formulas.
    boolean isPlain(Node n) {
        return plain.contains(n) || !elementary.contains(n) && !isSum(n);
    }

    /// The number of formulas before a node's operands.
    int level(Node n) {
        return levels.getOrDefault(n, 0);
    }

    private void addElementary(Node n) {
        elementary.add(n);
        var shape = n.output().shape();
        if (n.inputs().stream().anyMatch(v -> v.shape().equals(shape) && isWhole(v))) {
            whole.add(n);
        }
    }

    /// Whether a value of columns is not just a row that is expanded.
    private boolean isWhole(Value v) {
        return !elementary.contains(v.node()) || whole.contains(v.node());
    }

    private void read(Node n) {
        if (isSum(n)) {
            results.add(n.output());
        } else {
            n.inputs().forEach(this::need);
        }
    }

    private void need(Value v) {
        if (!elementary.contains(v.node())) {
            return;
        }
        if (whole.contains(v.node())) {
            results.add(v);
        } else if (plain.add(v.node())) {
            v.node().inputs().forEach(this::need);
        }
    }

    /// Sums and means over the rows of columns.
    boolean isSum(Node n) {
        return switch (n.op()) {
            case Reduction.ReduceSum s -> isSum(n, s.axes());
            case Reduction.ReduceMean m -> isSum(n, m.axes());
            case Reduction.ReduceMax _ -> false;
            case Leaf _, Elementwise _, Product _, Movement _, Activation _, SelfAttention _, Norm _ -> false;
            case Convolution _, Pooling _, Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    private boolean isSum(Node n, List<Integer> axes) {
        var x = n.inputs().getFirst();
        return inScope(n) && isColumns(x) && axes.equals(List.of(x.shape().rank() - 2)) && isWhole(x);
    }

    private boolean canFuse(Node n) {
        return inScope(n)
                && isElementary(n.op())
                && isColumns(n.output())
                && !(n.op() instanceof Movement.Expand
                        && n.inputs().getFirst().shape().equals(n.output().shape()))
                && n.inputs().stream().allMatch(v -> spreads(v, n.output().shape()));
    }

    private boolean inScope(Node n) {
        return ("." + n.scope() + ".").contains("." + scope + ".");
    }

    private static boolean isColumns(Value v) {
        return v.type().dtype() == DType.FLOAT32
                && v.shape().rank() >= 2
                && v.shape().dim(-2) > 1
                && !v.shape().batched()
                && v.shape().size() > 0;
    }

    private static boolean isElementary(Op op) {
        return switch (op) {
            case Elementwise.Unary _, Elementwise.UnaryGrad _, Elementwise.Binary _, Movement.Expand _ -> true;
            case Elementwise.StopGradient _, Elementwise.Cast _ -> false;
            case Elementwise.Clip _, Elementwise.Compare _, Elementwise.Where _ -> false;
            case Movement.Reshape _, Movement.Transpose _, Movement.Slice _, Movement.Split _ -> false;
            case Movement.Pad _, Movement.Concat _, Movement.Gather _, Movement.GatherGrad _ -> false;
            case Leaf _, Product _, Convolution _, Pooling _, Reduction _, Activation _, SelfAttention _, Norm _ ->
                false;
            case Statistic _, Loss _, Rewritten _, Optimizer _ -> false;
        };
    }

    /// Whether a value has a shape, or is spread to it along its leading axes together, its rows, its columns or several
    /// of these.
    private static boolean spreads(Value v, Shape to) {
        var shape = v.shape();
        return v.type().dtype() == DType.FLOAT32 && (groups(shape) == 1 || groups(shape) == groups(to));
    }

    /// The product of the leading axes.
    private static long groups(Shape shape) {
        return LongStream.of(shape.dims()).limit(Math.max(0, shape.rank() - 2)).reduce(1, (a, b) -> a * b);
    }

    private int levelOf(Node n) {
        return n.inputs().stream().mapToInt(v -> levelOf(n, v)).max().orElse(0);
    }

    /// What a node inside a formula reads of the same columns is part of it.
    private int levelOf(Node reader, Value v) {
        var made = level(v.node());
        return results.contains(v) && !(isInside(reader) && elementary.contains(v.node())) ? made + 1 : made;
    }

    private boolean isInside(Node n) {
        return !isPlain(n);
    }

    private List<Group> grouped() {
        var found = new LinkedHashMap<Key, List<Value>>();
        for (var v : results) {
            var columns = isSum(v.node()) ? v.node().inputs().getFirst() : v;
            found.computeIfAbsent(new Key(level(v.node()), columns.shape()), _ -> new ArrayList<>())
                    .add(v);
        }
        return found.entrySet().stream()
                .map(e -> new Group(e.getKey().level(), e.getKey().shape(), List.copyOf(e.getValue())))
                .sorted(Comparator.comparingInt(Group::level))
                .toList();
    }
}
