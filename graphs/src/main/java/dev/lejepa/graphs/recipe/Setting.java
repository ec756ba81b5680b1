package dev.lejepa.graphs.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The value of one key of a recipe, as a tree that any file format can write.
public sealed interface Setting {
    /// A word or a path.
    record Text(String value) implements Setting {}

    /// A whole number.
    record Whole(long value) implements Setting {}

    /// A real number.
    record Real(double value) implements Setting {}

    /// Yes or no.
    record Flag(boolean value) implements Setting {}

    /// Several values in order.
    record Listing(List<Setting> values) implements Setting {
        public Listing {
            values = List.copyOf(values);
        }
    }

    /// A part of a recipe with settings of its own.
    record Section(SequencedMap<String, Setting> settings) implements Setting {
        public Section {
            settings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(settings));
        }
    }

    /// `null`: none.
    record Unset() implements Setting {}

    /// The value as people write it: whole reals without a fraction, `null` for none.
    default String text() {
        return switch (this) {
            case Text(String value) -> value;
            case Whole(long value) -> Long.toString(value);
            case Real(double value) -> real(value);
            case Flag(boolean value) -> Boolean.toString(value);
            case Listing(var values) -> values.stream().map(Setting::text).collect(Collectors.joining(", ", "[", "]"));
            case Section(var settings) ->
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue().text())
                        .collect(Collectors.joining(", ", "{", "}"));
            case Unset() -> "null";
        };
    }

    /// The shortest decimal that reads back as the same double, in a form that YAML 1.1 readers take for a number.
    private static String real(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value).toLowerCase(Locale.ROOT).replaceFirst("e(?=\\d)", "e+");
    }
}
