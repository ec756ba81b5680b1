package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.util.LinkedHashMap;
import java.util.List;

/// `--set a.b=value`: values laid over a recipe's file before it is read, in the order of the command line.
final class Overrides {
    private Overrides() {}

    /// Puts each assignment into `root`; sections that are not there yet, or are `null`, are made.
    static void apply(List<String> assignments, Yaml.Mapping root) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new BadInputException(Text.format(
                        "--set %s: must be KEY=VALUE, such as --set train.epochs=10", Escapes.unprintable(assignment)));
            }
            var value = new Yaml.Typed(Origin.option(assignment), assignment.substring(equals + 1));
            put(root, List.of(assignment.substring(0, equals).strip().split("\\.", -1)), value);
        }
    }

    private static void put(Yaml.Mapping root, List<String> path, Yaml.Typed value) {
        var section = root;
        for (var key : path.subList(0, path.size() - 1)) {
            Yaml present = section.entries().get(key);
            Yaml.Mapping inner = present != null && Conversions.structured(present) instanceof Yaml.Mapping mapping
                    ? mapping
                    : new Yaml.Mapping(value.origin(), new LinkedHashMap<>());
            section.entries().put(key, inner);
            section = inner;
        }
        section.entries().put(path.getLast(), value);
    }
}
