package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Setting;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// timm's names of one family and what each says over the family's standard model.
///
/// A line is a name and arguments, `NAME key=value ...`; what is not said is the standard model's. A line `@WORD
/// key=value ...` names arguments that later lines take up with `@WORD`. Keys that begin with `+` are none of timm's
/// arguments ([Arguments#ofTable]). Of an argument that is said twice the last one holds.
final class NameTable implements ModelTable {
    private final Backbone standard;
    private final SequencedMap<String, SequencedMap<String, Setting>> names = new LinkedHashMap<>();

    /// @param standard what the arguments change
    /// @throws IllegalArgumentException if a line is not as said above
    NameTable(Backbone standard, String text) {
        this.standard = standard;
        var words = new LinkedHashMap<String, SequencedMap<String, Setting>>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            var parts = line.strip().split("\\s+", -1);
            var arguments = new LinkedHashMap<String, Setting>();
            for (var part : Arrays.asList(parts).subList(1, parts.length)) {
                add(part, words, arguments);
            }
            (parts[0].startsWith("@") ? words : names).put(parts[0], arguments);
        });
    }

    private static void add(
            String part,
            SequencedMap<String, SequencedMap<String, Setting>> words,
            SequencedMap<String, Setting> arguments) {
        var equals = part.indexOf('=');
        var word = words.get(part);
        if (word != null) {
            arguments.putAll(word);
        } else if (equals > 0) {
            var key = part.substring(0, equals);
            var value = part.substring(equals + 1);
            arguments.put(key, key.startsWith("+") ? new Setting.Text(value) : setting(value));
        } else {
            throw new IllegalArgumentException(Text.format("'%s' is neither KEY=VALUE nor a word said before", part));
        }
    }

    static Setting setting(String value) {
        if (value.startsWith("[")) {
            return new Setting.Listing(
                    Arrays.stream(value.substring(1, value.length() - 1).split(",", -1))
                            .map(NameTable::setting)
                            .toList());
        }
        if (value.equals("true") || value.equals("false")) {
            return new Setting.Flag(value.equals("true"));
        }
        if (value.matches("-?\\d+")) {
            return new Setting.Whole(Long.parseLong(value));
        }
        return value.matches("-?\\d.*") ? new Setting.Real(Double.parseDouble(value)) : new Setting.Text(value);
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(names.sequencedKeySet());
    }

    @Override
    public Optional<Backbone> find(String name) {
        return Optional.ofNullable(names.get(name)).map(said -> {
            var arguments = new Arguments(said);
            var model = standard.with(arguments);
            if (!arguments.faults().isEmpty()) {
                throw new IllegalStateException(Text.format("%s: %s", name, arguments.faults()));
            }
            return model;
        });
    }
}
