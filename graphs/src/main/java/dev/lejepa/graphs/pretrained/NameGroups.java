package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Names of layers in messages: those that differ in a number alone are told once.
final class NameGroups {
    private static final Pattern NUMBER = Pattern.compile("(?<=^|\\.)\\d+(?=\\.|$)");

    private NameGroups() {}

    /// `blocks.0.norm1.weight` and `blocks.1.norm1.weight` are `blocks.*.norm1.weight (2)`.
    static List<String> of(Collection<String> names) {
        return told(names, _ -> "");
    }

    /// The same with what is said of each name behind it; names of which different things are said stay apart.
    static List<String> told(Collection<String> names, Function<String, String> said) {
        record Group(String pattern, String said) {}
        SequencedMap<Group, List<String>> groups = new LinkedHashMap<>();
        for (String name : names) {
            var group = new Group(NUMBER.matcher(name).replaceAll("*"), said.apply(name));
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(name);
        }
        var told = new ArrayList<String>();
        groups.forEach((group, members) -> told.add(
                (members.size() == 1 ? members.getFirst() : Text.format("%s (%d)", group.pattern(), members.size()))
                        + group.said()));
        return told;
    }
}
