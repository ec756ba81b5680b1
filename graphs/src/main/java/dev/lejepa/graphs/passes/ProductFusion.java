package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Computes a formula of rows while the product that it reads is in registers, after [RowFusion]: GELU and its gradient
/// above all, each of which would else read what a product has just written. A formula with a LayerNorm, which needs
/// whole rows, stays by itself.
public final class ProductFusion {
    /// Sums over rows, each of which takes 32 registers of a thread.
    private static final int MOST_SUMS = 2;

    /// Operands of a formula beside the product that have as many elements as it.
    private static final int MOST_WHOLE = 3;

    private final Graph source;
    private final Fitting fitting;
    private final Map<Value, List<Node>> readers = new HashMap<>();
    private final Map<Node, Node> formulas = new HashMap<>(); // by their products
    private final Graph target;
    private final Map<Value, Value> replacements = new HashMap<>();
    private final Set<Node> done = new HashSet<>();

    /// Which products are worth it.
    @FunctionalInterface
    public interface Fitting {
        /// @param product shape of the result
        /// @param depth length of its sums
        boolean test(Shape product, long depth);
    }

    private ProductFusion(Graph source, Fitting fitting) {
        this.source = source;
        this.fitting = fitting;
        this.target = new Graph(source.name());
        for (var n : source.nodes()) {
            n.inputs()
                    .forEach(v ->
                            readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n));
        }
        for (var n : source.nodes()) {
            if (n.op() instanceof Rewritten.Rows r && isElementwise(r.formula())) {
                product(n, r.formula()).ifPresent(p -> formulas.put(p, n));
            }
        }
    }

    /// The graph with [Rewritten.ProductRows] of bfloat16 products that fit; a product that others read too is a result.
    public static Graph apply(Graph graph, Fitting fitting) {
        return new ProductFusion(graph, fitting).run();
    }

    private Graph run() {
        source.inputs().forEach((label, v) -> replacements.put(v, target.input(label, v.type())));
        for (var n : source.nodes()) {
            if (!(n.op() instanceof Leaf.Input) && !done.contains(n)) {
                target.at(n.scope(), "", () -> {
                    replay(n);
                    return n;
                });
            }
        }
        source.outputs().forEach((label, v) -> target.output(label, of(v)));
        return DeadValues.remove(Verifier.verify(target));
    }

    private void replay(Node n) {
        var rows = formulas.get(n);
        if (rows != null) {
            fuse(n, rows);
        } else if (!replacements.keySet().containsAll(n.inputs())) {
            done.add(n); // a view of a product that nobody else reads
        } else {
            put(
                    n.outputs(),
                    target.apply(n.op(), n.inputs().stream().map(this::of).toList()));
        }
    }

    private void fuse(Node product, Node rows) {
        var kept = isReadBeside(product.output(), rows);
        var formula = formula(product, rows, kept);
        var operands = new ArrayList<Value>();
        product.inputs().forEach(v -> operands.add(of(v)));
        others(product, rows)
                .forEach(v -> operands.add(flat(of(v), product.output().shape())));
        var results = target.apply(new Rewritten.ProductRows(formula), operands);
        for (var i = 0; i < rows.outputs().size(); i++) {
            replacements.put(
                    rows.outputs().get(i),
                    results.get(i).reshape(rows.outputs().get(i).shape()));
        }
        if (kept) {
            replacements.put(product.output(), results.getLast());
        }
        done.add(rows);
    }

    private static List<Value> others(Node product, Node rows) {
        return rows.inputs().stream().filter(v -> maker(v) != product).toList();
    }

    /// The product and the same formula over its matrix.
    private static Graph formula(Node product, Node rows, boolean kept) {
        var formula = new Graph("product");
        var operands = new ArrayList<Value>();
        product.inputs().forEach(v -> operands.add(formula.input("x" + operands.size(), v.type())));
        var made = formula.apply(product.op(), operands).getFirst();
        var inside = new ArrayList<Value>();
        for (var v : rows.inputs()) {
            if (maker(v) == product) {
                inside.add(made);
            } else {
                var shape = flat(v.shape(), made.shape());
                inside.add(formula.input("x" + formula.inputs().size(), v.type().withShape(shape)));
            }
        }
        // the product comes first
        inside.remove(made);
        inside.addFirst(made);
        var results = formula.apply(new Rewritten.Rows(overMatrix(product, rows)), inside);
        results.forEach(v -> formula.output("y" + formula.outputs().size(), v));
        if (kept) {
            formula.output("y" + formula.outputs().size(), made);
        }
        return formula;
    }

    /// A formula of rows, whose shape is the product's, and whose first operand it is.
    private static Graph overMatrix(Node product, Node rows) {
        var old = ((Rewritten.Rows) rows.op()).formula();
        var matrix = product.output().shape();
        var formula = new Graph("formula");
        var known = new HashMap<Value, Value>();
        var inputs = List.copyOf(old.inputs().values());
        var place = rows.inputs().indexOf(operand(product, rows));
        var order = new ArrayList<>(inputs);
        order.add(0, order.remove(place));
        for (var v : order) {
            var type = v.type().withShape(flat(v.shape(), matrix));
            known.put(v, formula.input("x" + formula.inputs().size(), type));
        }
        for (var n : old.nodes()) {
            if (!(n.op() instanceof Leaf.Input)) {
                var operands = n.inputs().stream().map(known::get).toList();
                var op = RowOps.isSum(n) ? RowOps.overRows(operands.getFirst().type()) : n.op();
                known.put(n.output(), formula.apply(op, operands).getFirst());
            }
        }
        old.outputs().forEach((label, v) -> formula.output(label, Objects.requireNonNull(known.get(v))));
        return formula;
    }

    private static Shape flat(Shape shape, Shape matrix) {
        return shape.rank() == 1 ? shape : matrix;
    }

    private static Value flat(Value v, Shape matrix) {
        return v.shape().rank() == 1 ? v : v.reshape(matrix);
    }

    // ---- which

    private static boolean isElementwise(Graph formula) {
        return formula.nodes().stream().noneMatch(RowOps::isNorm)
                && formula.nodes().stream().filter(RowOps::isSum).count() <= MOST_SUMS;
    }

    /// The product that a formula reads, the last if there are some.
    private Optional<Node> product(Node rows, Graph formula) {
        return rows.inputs().stream()
                .filter(v -> isWorthIt(maker(v)) && isAlike(v, rows, formula))
                .map(ProductFusion::maker)
                .filter(p -> !formulas.containsKey(p) && isReady(p, rows))
                .reduce((a, b) -> a.id() > b.id() ? a : b);
    }

    private boolean isWorthIt(Node n) {
        return n.op() instanceof Product.Gemm g
                && !g.transA()
                && g.result() == DType.BFLOAT16
                && n.inputs().size() == 2
                && !n.output().shape().batched()
                && fitting.test(n.output().shape(), n.inputs().getFirst().dim(1));
    }

    /// Whether a formula's rows are those of one of its operands, and all others are like them or one row.
    private static boolean isAlike(Value v, Node rows, Graph formula) {
        var whole =
                rows.inputs().stream().filter(o -> o.shape().equals(v.shape())).count();
        return whole <= 1 + MOST_WHOLE
                && rows.inputs().stream().filter(o -> maker(o) == maker(v)).count() == 1
                && rows.inputs().stream()
                        .allMatch(o -> o.shape().equals(v.shape()) || o.shape().rank() == 1 && o.dim(0) == v.dim(-1))
                && formula.nodes().stream()
                        .filter(n -> !(n.op() instanceof Leaf))
                        .allMatch(n -> isOfRows(n, v.shape()));
    }

    /// Whether a node makes these rows, or widens one row for them.
    private static boolean isOfRows(Node n, Shape rows) {
        var own = RowOps.rows(n).shape();
        return own.equals(rows) || own.rank() == 1 && RowOps.isWidening(n);
    }

    /// Whether all other operands are there when the product is made.
    private static boolean isReady(Node product, Node rows) {
        return others(product, rows).stream().allMatch(v -> v.node().id() < product.id());
    }

    private static Value operand(Node product, Node rows) {
        return rows.inputs().stream()
                .filter(v -> maker(v) == product)
                .findFirst()
                .orElseThrow();
    }

    /// Whether others than a formula read a product or views of it.
    private boolean isReadBeside(Value v, Node rows) {
        return source.outputs().containsValue(v)
                || readers.getOrDefault(v, List.of()).stream()
                        .anyMatch(r -> r != rows && (!isView(r) || isReadBeside(r.output(), rows)));
    }

    private static Node maker(Value v) {
        return isView(v.node()) ? maker(v.node().inputs().getFirst()) : v.node();
    }

    private static boolean isView(Node n) {
        return n.op() instanceof Movement.Reshape
                && n.output().shape().rank() > 0
                && n.inputs().getFirst().shape().rank() > 0
                && n.output().dim(-1) == n.inputs().getFirst().dim(-1);
    }

    private void put(List<Value> old, List<Value> results) {
        for (var i = 0; i < results.size(); i++) {
            replacements.put(old.get(i), results.get(i));
        }
    }

    private Value of(Value old) {
        return Objects.requireNonNull(replacements.get(old));
    }
}
