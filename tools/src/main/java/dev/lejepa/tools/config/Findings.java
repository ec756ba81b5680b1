package dev.lejepa.tools.config;

import dev.lejepa.graphs.Spelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is learned while a recipe is read: which keys there are, where they were written, and every fault.
final class Findings {
    private final List<String> known = new ArrayList<>();
    private final Map<String, Origin> origins = new HashMap<>();
    private final List<ReadFault> faults = new ArrayList<>();
    private final List<ReadFault> unknown = new ArrayList<>();

    void known(String key, Optional<Origin> origin) {
        known.add(key);
        origin.ifPresent(place -> origins.put(key, place));
    }

    void fault(String key, Origin origin, String problem) {
        faults.add(new ReadFault(origin, key, problem));
    }

    void unknown(String key, Origin origin) {
        unknown.add(new ReadFault(origin, key, ""));
    }

    /// Where a key was written, or the section that it would stand in.
    Origin origin(String key) {
        return origins.getOrDefault(key, Origin.NOWHERE);
    }

    /// Every fault in the order of lines; keys that are known only at the end are named as the nearest of unknown ones.
    List<ReadFault> all() {
        var all = new ArrayList<>(faults);
        for (ReadFault fault : unknown) {
            all.add(new ReadFault(fault.origin(), fault.key(), "is unknown" + suggestion(fault.key())));
        }
        all.sort(Comparator.comparingInt(fault ->
                fault.origin().line() == 0 ? Integer.MAX_VALUE : fault.origin().line()));
        Set<String> seen = new HashSet<>();
        return all.stream().filter(fault -> seen.add(fault.toString())).toList();
    }

    private String suggestion(String key) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
                .map(nearest ->
                        nearest.equals(key) ? " with dots in it, write " + nested(key) : ", nearest: " + nearest)
                .orElse("");
    }

    private static String nested(String key) {
        return key.replace(".", ": {") + ": ..."
                + "}".repeat((int) key.chars().filter(c -> c == '.').count());
    }

    /// A key in the wrong section is nearly right, so its last part may match alone, at a small price.
    private static int distance(String given, String candidate) {
        int alone = 1 + Spelling.distance(last(given), last(candidate));
        return Math.min(Spelling.distance(given, candidate), alone);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
