package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Evaluates graphs in double precision. Results of type bfloat16 are rounded to it, as are inputs; all other element
/// types are as exact as double.
public final class Interpreter {
    private final Graph graph;
    private final Map<String, NdArray> fed;
    private final Map<Value, NdArray> known = new HashMap<>();
    private final long batch;

    private Interpreter(Graph graph, Map<String, NdArray> fed) {
        this.graph = graph;
        this.fed = fed;
        this.batch = batch(graph, fed);
    }

    /// The graph's outputs by name.
    ///
    /// @param inputs arrays by input name; the ones of batched shape say how large the batch is. Inputs that no output
    ///     depends on may be missing
    public static SequencedMap<String, NdArray> evaluate(Graph graph, Map<String, NdArray> inputs) {
        var results =
                evaluate(graph, inputs, List.copyOf(graph.outputs().values())).iterator();
        var named = new LinkedHashMap<String, NdArray>();
        graph.outputs().keySet().forEach(name -> named.put(name, results.next()));
        return named;
    }

    /// These values, outputs or not, in their order. Only what they depend on is computed.
    public static List<NdArray> evaluate(Graph graph, Map<String, NdArray> inputs, List<Value> wanted) {
        return new Interpreter(graph, inputs).run(wanted);
    }

    private List<NdArray> run(List<Value> wanted) {
        var needed = needed(graph, wanted);
        for (var node : graph.nodes()) {
            if (needed.contains(node.id())) {
                var operands = node.inputs().stream().map(known::get).toList();
                var results = node.op() instanceof Leaf.Input in
                        ? List.of(feed(in))
                        : Kernels.evaluate(node.op(), operands, batch);
                for (var i = 0; i < results.size(); i++) {
                    var value = node.outputs().get(i);
                    check(value, results.get(i));
                    known.put(value, rounded(value, results.get(i)));
                }
            }
        }
        return wanted.stream().map(known::get).toList();
    }

    private NdArray feed(Leaf.Input input) {
        var array = fed.get(input.label());
        if (array == null) {
            throw new IllegalArgumentException(
                    Text.format("graph '%s' needs its input '%s', which is not fed", graph.name(), input.label()));
        }
        var expected = input.type().shape().bind(batch);
        if (!array.shape().equals(expected)) {
            throw new IllegalArgumentException(Text.format(
                    "input '%s' of graph '%s' is %s, found %s", input.label(), graph.name(), expected, array.shape()));
        }
        return array;
    }

    /// The type rule and the kernel of an operator are written independently, so each checks the other.
    private void check(Value value, NdArray result) {
        var expected = value.shape().bind(batch);
        if (!result.shape().equals(expected)) {
            throw new IllegalStateException(
                    Text.format("kernel of %s made %s where %s follows from its type", value.node(), result, expected));
        }
    }

    private static NdArray rounded(Value value, NdArray exact) {
        if (value.type().dtype() != DType.BFLOAT16) {
            return exact;
        }
        var data = new double[exact.size()];
        Arrays.setAll(data, i -> BFloat16.round((float) exact.get(i)));
        return NdArray.of(exact.shape(), data);
    }

    private static Set<Integer> needed(Graph graph, Collection<Value> wanted) {
        var needed = new HashSet<Integer>();
        wanted.forEach(v -> needed.add(v.node().id()));
        for (var node : graph.nodes().reversed()) {
            if (needed.contains(node.id())) {
                node.inputs().forEach(v -> needed.add(v.node().id()));
            }
        }
        return needed;
    }

    private static long batch(Graph graph, Map<String, NdArray> fed) {
        for (var e : graph.inputs().entrySet()) {
            var array = fed.get(e.getKey());
            Shape shape = e.getValue().shape();
            if (shape.batched() && array != null && array.shape().rank() > 0) {
                return array.shape().dim(0) / shape.dim(0);
            }
        }
        return 1;
    }
}
