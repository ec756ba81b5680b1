package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a person may not expect of shards: how often, and where first.
final class Oddities {
    /// What there may be, as a note tells it.
    enum Kind {
        SEVERAL_IMAGES(
                "keys with several images, of which the first is taken, one whose suffix has no dot before others"),
        LEADS_OUT("members whose names lead out of their folder (/ or ..), called by what is left of them"),
        LINK("members that are links, left out"),
        NO_SAMPLE("keys with neither image nor label, left out"),
        EMPTY("shards without images");

        private final String told;

        Kind(String told) {
            this.told = told;
        }
    }

    private static final int NAMED_AT_MOST = 10;

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> names = new EnumMap<>(Kind.class);

    void add(Kind kind, String name) {
        counts.merge(kind, 1, Integer::sum);
        var named = names.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (named.size() < NAMED_AT_MOST) {
            named.add(Escapes.unprintable(name));
        }
    }

    /// Adds those of another shard, which comes later.
    void addAll(Oddities later) {
        later.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
        later.names.forEach((kind, more) -> {
            var named = names.computeIfAbsent(kind, _ -> new ArrayList<>());
            more.stream().limit(NAMED_AT_MOST - named.size()).forEach(named::add);
        });
    }

    /// A line for each kind that there is.
    List<String> notes() {
        return counts.entrySet().stream()
                .map(found -> Text.format(
                        "%s: %,d (%s%s)",
                        found.getKey().told,
                        found.getValue(),
                        String.join(", ", names.get(found.getKey())),
                        found.getValue() > NAMED_AT_MOST ? ", ..." : ""))
                .toList();
    }
}
