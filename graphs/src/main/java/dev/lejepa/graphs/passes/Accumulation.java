package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// Adds chosen outputs to what is there already: each becomes the sum of itself and a new input of its old name. The sum
/// follows what makes the value, so that no value is kept for it.
public final class Accumulation {
    private Accumulation() {}

    /// @param chosen says of an output's name whether it is added up
    /// @param renamed the name of the output that holds the sum
    public static Graph apply(Graph graph, Predicate<String> chosen, Function<String, String> renamed) {
        Verifier.verify(graph);
        var to = new Graph(graph.name());
        var known = new HashMap<Value, Value>();
        graph.inputs().forEach((label, v) -> known.put(v, to.input(label, v.type())));
        var states = new HashMap<String, Value>();
        var labels = new HashMap<Value, List<String>>();
        graph.outputs().forEach((label, v) -> {
            if (chosen.test(label)) {
                states.put(label, to.input(label, v.type()));
                labels.computeIfAbsent(v, _ -> new ArrayList<>()).add(label);
            }
        });
        var sums = new HashMap<String, Value>();
        for (var n : graph.nodes()) {
            if (!(n.op() instanceof Leaf.Input)) {
                var operands = n.inputs().stream().map(known::get).toList();
                var results = to.at(n.scope(), "", () -> to.apply(n.op(), operands));
                for (var i = 0; i < results.size(); i++) {
                    known.put(n.outputs().get(i), results.get(i));
                }
            }
            for (var v : n.outputs()) {
                for (var label : labels.getOrDefault(v, List.of())) {
                    sums.put(label, to.at(n.scope(), "", () -> of(states, label).add(of(known, v))));
                }
            }
        }
        graph.outputs().forEach((label, v) -> {
            if (sums.containsKey(label)) {
                to.output(renamed.apply(label), of(sums, label));
            } else {
                to.output(label, of(known, v));
            }
        });
        return Verifier.verify(to);
    }

    private static <K> Value of(Map<K, Value> map, K key) {
        var found = map.get(key);
        if (found == null) {
            throw new IllegalStateException("not made: " + key);
        }
        return found;
    }
}
