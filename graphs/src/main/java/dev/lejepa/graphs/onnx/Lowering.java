package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.CUDA_OPERATORS;
import static dev.lejepa.graphs.onnx.Target.Capability.FUSED_COLUMNS;
import static dev.lejepa.graphs.onnx.Target.Capability.FUSED_ROWS;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;
import static dev.lejepa.graphs.onnx.Target.Capability.MICROSOFT_KERNELS;
import static dev.lejepa.graphs.onnx.Target.Capability.ROUNDED_PRODUCTS;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
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
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The table of operators in ONNX, one row each, for all targets; which of several ways is fastest on a CPU was
/// measured, and the numbers stand where the choice is made. On CUDA the fused kernels are chosen, which read and write
/// memory least.
public final class Lowering {
    private final Target target;
    private final GraphWriter writer = new GraphWriter();
    private final Map<Value, Ref> refs = new HashMap<>();
    private final Set<Value> used = new HashSet<>();
    private final Map<String, List<Ref>> shared = new HashMap<>();
    private final Map<Value, List<Node>> readers = new HashMap<>();
    private final Map<String, Ref> missingBias = new HashMap<>();

    private Lowering(Target target) {
        this.target = target;
    }

    /// The graph in ONNX. Inputs and outputs keep their names and order; nodes that no output needs are left out.
    ///
    /// @param metadata becomes the file's `metadata_props`, sorted by key
    public static OnnxModel lower(Graph graph, Target target, Map<String, String> metadata) {
        var lowering = new Lowering(target);
        var live = lowering.markUsed(Verifier.verify(graph), graph.outputs().values());
        live.forEach(n -> n.inputs()
                .forEach(v -> lowering.readers
                        .computeIfAbsent(v, _ -> new ArrayList<>())
                        .add(n)));
        graph.inputs()
                .values()
                .forEach(v -> lowering.place(v.node(), v.node().op().name()));
        for (var n : graph.nodes()) {
            if (live.contains(n) && !(n.op() instanceof Leaf.Input)) {
                lowering.place(n, prefix(n.scope()) + n.op().name() + "_" + n.id());
            }
        }
        graph.outputs().forEach((label, v) -> lowering.writer.output(label, lowering.ref(v)));
        return OnnxModel.of(lowering.writer, graph.name(), metadata);
    }

    private List<Ref> row(Op op, Site s) {
        return switch (op) {
            case Leaf.Input i -> List.of(writer.input(i.label(), i.type()));
            case Leaf.Constant c -> List.of(writer.constant(c.value()));

            case Elementwise.Unary u -> Activations.value(s, u.function());
            case Elementwise.UnaryGrad u -> Activations.gradient(s, u);
            case Elementwise.Clip c -> s.withConstants("Clip", List.of(s.number(c.min()), s.number(c.max())));
            case Elementwise.Compare c -> s.onnx(c.name());
            case Elementwise.Where _ -> s.onnx("Where");
            case Elementwise.Binary b -> Activations.value(s, b.function());
            case Elementwise.StopGradient _ -> s.in();
            case Elementwise.Cast c ->
                s.in(0).type().equals(s.type())
                        ? s.in()
                        : s.has(OwnOperator.CAST)
                                ? s.ours(OwnOperator.CAST)
                                : s.onnx(
                                        "Cast",
                                        attribute("to", Protos.dataType(c.to()).getNumber()));

            case Product.MatMul m -> Products.matmul(s, m);
            case Product.Gemm g -> Products.gemm(s, g);
            case Convolution.Conv c -> Convolutions.conv(s, c);
            case Convolution.ConvDataGrad c -> Convolutions.dataGradient(s, c);
            case Convolution.ConvWeightsGrad c -> Convolutions.weightsGradient(s, c);
            case Pooling.MaxPool p -> Pools.max(s, p);
            case Pooling.MaxPoolGrad p -> Pools.maxGradient(s, p);
            case Pooling.AveragePool p -> Pools.mean(s, p);
            case Pooling.AveragePoolGrad p -> Pools.meanGradient(s, p);
            case Reduction.ReduceSum r -> Reductions.sum(s, r);
            case Reduction.ReduceMax r -> Reductions.largest(s, r);
            case Reduction.ReduceMean r -> Reductions.mean(s, r);

            case Movement.Reshape _ -> withoutBias(s.in(0), Layouts.reshape(s));
            case Movement.Transpose t -> s.onnx("Transpose", attribute("perm", t.perm()));
            case Movement.Slice c ->
                s.withConstants(
                        "Slice", List.of(s.constant(c.start()), s.constant(c.end()), s.constant((long) c.axis())));
            case Movement.Split c ->
                s.withConstants("Split", List.of(s.constant(c.sizes())), attribute("axis", (long) c.axis()));
            case Movement.Gather m ->
                s.withConstants("Gather", List.of(s.constant(m.places())), attribute("axis", (long) m.axis()));
            case Movement.GatherGrad m -> Layouts.gatherGrad(s, m);
            case Movement.Pad p -> Layouts.pad(s, p);
            case Movement.Concat c -> s.onnx("Concat", attribute("axis", (long) c.axis()));
            case Movement.Expand _ -> Layouts.expand(s);
            case Rewritten.Barrier _ -> Layouts.barrier(s);

            case Activation.Softmax x -> s.onnx("Softmax", attribute("axis", (long) x.axis()));
            case Activation.SoftmaxGrad x ->
                s.has(LAYER_KERNELS)
                        ? s.fused("SoftmaxGrad_13", attribute("axis", (long) x.axis()))
                        : s.formula(in -> List.of(Softmaxes.gradient(in.get(0), in.get(1), x.axis())));
            case SelfAttention.Attention a ->
                attends(s, OwnOperator.ATTENTION, s.in(0), a.heads())
                        ? s.ours(OwnOperator.ATTENTION, attribute("heads", (long) a.heads()))
                        : Attentions.value(s, s.in(0), a.heads());
            case SelfAttention.AttentionGrad a ->
                attends(s, OwnOperator.ATTENTION_GRAD, s.in(1), a.heads())
                        ? s.ours(OwnOperator.ATTENTION_GRAD, attribute("heads", (long) a.heads()))
                        : List.of(Attentions.gradient(s, s.in(0), s.in(1), s.in(2), a.heads()));
            case Rewritten.BiasedAttention a ->
                attends(s, OwnOperator.BIASED_ATTENTION, s.in(0), a.heads())
                        ? s.ours(OwnOperator.BIASED_ATTENTION, attribute("heads", (long) a.heads()))
                        : Attentions.biased(s, a.heads());
            case Rewritten.BiasedAttentionGrad a ->
                attends(s, OwnOperator.BIASED_ATTENTION_GRAD, s.in(1), a.heads())
                        ? s.ours(OwnOperator.BIASED_ATTENTION_GRAD, attribute("heads", (long) a.heads()))
                        : Attentions.biasedGradient(s, a.heads());
            case Activation.AddRelu _ ->
                s.has(OwnOperator.ADD_RELU)
                        ? s.ours(OwnOperator.ADD_RELU)
                        : s.wide(in -> List.of(in.get(0).add(in.get(1)).relu()));
            case Activation.Gelu _ ->
                s.has(OwnOperator.GELU)
                        ? s.ours(OwnOperator.GELU)
                        : s.has(LAYER_KERNELS) ? Gelus.fused(s) : List.of(Gelus.value(s));
            case Activation.GeluGrad _ ->
                s.has(OwnOperator.GELU_GRAD)
                        ? s.ours(OwnOperator.GELU_GRAD)
                        : s.has(LAYER_KERNELS) ? Gelus.fusedGradient(s) : List.of(Gelus.gradient(s));
            case Statistic.Sort _ -> s.has(OwnOperator.SORT) ? s.ours(OwnOperator.SORT) : Sorts.topK(s);
            case Statistic.Unsort _ -> s.has(OwnOperator.UNSORT) ? s.ours(OwnOperator.UNSORT) : Sorts.scatter(s);
            case Norm.LayerNorm n -> Norms.layerNorm(s, n);
            case Norm.LayerNormGrad _ ->
                s.has(OwnOperator.LAYER_NORM_GRAD)
                        ? s.ours(OwnOperator.LAYER_NORM_GRAD)
                        : s.has(LAYER_KERNELS)
                                ? s.fused("LayerNormalizationGrad", attribute("axis", -1L))
                                : s.formula(Norms::layerNormGradient);
            case Norm.BatchNorm b -> BatchNorms.batchNorm(s, b);
            case Norm.BatchNormGrad b -> BatchNorms.gradient(s, b);
            case Statistic.Ecf e ->
                s.has(OwnOperator.ECF)
                        ? s.ours(OwnOperator.ECF, attribute("knots", (long) e.knots()), attribute("step", e.step()))
                        : s.formula(in -> CharacteristicFunctions.value(sums(), in.getFirst(), e));
            case Statistic.EcfGrad e ->
                s.has(OwnOperator.ECF_GRAD)
                        ? s.ours(
                                OwnOperator.ECF_GRAD, attribute("knots", (long) e.knots()), attribute("step", e.step()))
                        : s.formula(in -> List.of(CharacteristicFunctions.gradient(in, e)));
            case Loss.SoftmaxCrossEntropy _ ->
                s.onnxOptional("SoftmaxCrossEntropyLoss", attribute("reduction", "mean"));
            case Loss.SoftmaxCrossEntropyGrad _ ->
                s.has(MICROSOFT_KERNELS)
                        ? s.fused("SoftmaxCrossEntropyLossGrad", attribute("reduction", "mean"))
                        : List.of(Softmaxes.crossEntropyGradient(s));

            case Rewritten.Fused f ->
                s.has(FUSED_COLUMNS)
                        ? s.call(writer.function(Formulas.NAME, Formulas.body(f.formula())))
                        : s.formula(in -> Formulas.apply(f.formula(), in));

            case Rewritten.Rows r ->
                s.has(FUSED_ROWS)
                        ? s.call(writer.function(RowFormulas.NAME, RowFormulas.body(r.formula())))
                        : s.formula(in -> Formulas.apply(r.formula(), in));

            case Rewritten.ProductRows p ->
                s.has(FUSED_ROWS)
                        ? s.call(writer.function(ProductFormula.NAME, ProductFormula.body(p.formula(), writer)))
                        : s.formula(in -> Formulas.apply(p.formula(), in));

            case Rewritten.Updates u -> s.call(writer.function(UpdateFormula.NAME, UpdateFormula.body(u.formula())));

            case Optimizer.AdamW a ->
                s.has(LAYER_KERNELS)
                        ? Updates.fused(s, a)
                        : s.has(Updates.own(a)) ? Updates.ours(s, a) : Updates.decomposed(s, a);
        };
    }

    /// Whether attention is an operator of ours; otherwise it is products and softmax.
    private boolean attends(Site s, OwnOperator op, Ref qkv, int heads) {
        return s.has(op) && (!s.has(CUDA_OPERATORS) || Attentions.onCuda(qkv.shape(), heads));
    }

    Reductions.Sums sums() {
        return target.has(ROUNDED_PRODUCTS) ? Reductions.Sums.REDUCED : Reductions.Sums.PRODUCTS;
    }

    Target target() {
        return target;
    }

    /// Whether some LayerNorm's statistics are read. All of a graph are then computed in the same way, also one that is
    /// computed again for the backward pass and whose first results nobody asks for statistics.
    boolean normStatistics() {
        return used.stream().anyMatch(v -> v.node().op() instanceof Norm.LayerNorm && v.index() > 0);
    }

    /// The nodes that read a value of the graph.
    List<Node> readers(Value v) {
        return readers.getOrDefault(v, List.of());
    }

    /// Notes that a product was made without its bias, which its readers add.
    List<Ref> withoutBias(List<Ref> product, Ref bias) {
        missingBias.put(product.getFirst().name(), bias);
        return product;
    }

    /// Passes such a note on to another view of the product.
    private List<Ref> withoutBias(Ref product, List<Ref> view) {
        missingBias(product).ifPresent(bias -> withoutBias(view, bias));
        return view;
    }

    /// The bias that a product still lacks.
    Optional<Ref> missingBias(Ref product) {
        return Optional.ofNullable(missingBias.get(product.name()));
    }

    GraphWriter writer() {
        return writer;
    }

    boolean used(Value v) {
        return used.contains(v);
    }

    List<Ref> shared(String key, Supplier<List<Ref>> make) {
        var found = shared.get(key);
        if (found == null) {
            found = make.get();
            shared.put(key, found);
        }
        return found;
    }

    /// Lowers a formula over values that are in the ONNX graph.
    List<Ref> inline(String path, List<Ref> arguments, Function<List<Value>, List<Value>> formula) {
        return inline(path, arguments, formula, _ -> true);
    }

    /// Lowers those results of a formula that are wanted.
    List<Ref> inline(
            String path, List<Ref> arguments, Function<List<Value>, List<Value>> formula, IntPredicate wanted) {
        var graph = new Graph(path);
        var operands = IntStream.range(0, arguments.size())
                .mapToObj(i -> graph.input("x" + i, arguments.get(i).type()))
                .toList();
        var results = formula.apply(operands);
        var needed = IntStream.range(0, results.size())
                .filter(wanted)
                .mapToObj(results::get)
                .toList();
        var live = markUsed(graph, needed);
        for (var i = 0; i < operands.size(); i++) {
            refs.put(operands.get(i), arguments.get(i));
        }
        graph.nodes().stream()
                .filter(n -> live.contains(n) && !(n.op() instanceof Leaf.Input))
                .forEach(n -> place(n, path + "/" + n.op().name() + "_" + n.id()));
        return results.stream()
                .map(v -> refs.getOrDefault(v, new Ref("", v.type())))
                .toList();
    }

    private void place(Node n, String path) {
        var operands = n.inputs().stream().map(this::refOrNothing).toList();
        var results = row(n.op(), new Site(this, n, operands, path));
        for (var i = 0; i < results.size(); i++) {
            refs.put(n.outputs().get(i), results.get(i));
        }
    }

    private Ref ref(Value v) {
        var r = refOrNothing(v);
        if (r.name().isEmpty()) {
            throw new IllegalStateException(Text.format("%s of %s was not lowered", v, v.node()));
        }
        return r;
    }

    /// A row may leave out a result that only rows read which do without it.
    private Ref refOrNothing(Value v) {
        return refs.getOrDefault(v, new Ref("", v.type()));
    }

    /// Marks the results that are needed, and returns the nodes that make them.
    private Set<Node> markUsed(Graph graph, Iterable<Value> wanted) {
        wanted.forEach(used::add);
        var live = new HashSet<Node>();
        var nodes = new ArrayList<>(graph.nodes());
        for (var n : nodes.reversed()) {
            if (n.outputs().stream().anyMatch(used::contains)) {
                live.add(n);
                used.addAll(n.inputs());
            }
        }
        return live;
    }

    private static String prefix(String scope) {
        return scope.isEmpty() ? "" : scope + "/";
    }
}
