package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What must hold of networks that are no recipe's, whose graphs and groups were made apart.
final class OwnNetworks {
    private OwnNetworks() {}

    /// @throws IllegalArgumentException naming the parameters that are not in exactly one group
    static void requireAllTrained(Declarations declared, List<TrainedGroup> groups) {
        var grouped = new ArrayList<Parameter>();
        groups.forEach(g -> grouped.addAll(g.parameters()));
        var left = new ArrayList<>(declared.parameters());
        var others = grouped.stream().filter(p -> !left.remove(p)).toList();
        if (!left.isEmpty() || !others.isEmpty()) {
            throw new IllegalArgumentException(Text.format(
                    "each parameter is in one group: %s in none, %s in several or of another graph",
                    names(left), names(others)));
        }
    }

    /// @param of what a graph beside training is of
    /// @throws IllegalArgumentException naming the parameters and buffers that it reads and `train` has not or has as
    ///     others
    static void requireShared(String of, Declarations train, Declarations beside) {
        var known = states(train);
        var others = states(beside).entrySet().stream()
                .filter(s -> !s.getValue().equals(known.get(s.getKey())))
                .map(s -> s.getKey() + " " + s.getValue())
                .toList();
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(Text.format(
                    "the graph of %s reads %s, training has %s", of, String.join(", ", others), known.keySet()));
        }
    }

    private static Map<String, Type> states(Declarations declared) {
        var types = new LinkedHashMap<String, Type>();
        declared.parameters().forEach(p -> types.put(p.name(), p.value().type()));
        declared.buffers().forEach(b -> types.put(b.name(), b.value().type()));
        return types;
    }

    private static List<String> names(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::name).toList();
    }
}
