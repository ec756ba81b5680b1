package dev.lejepa.tools.config;

import java.util.LinkedHashMap;
import java.util.List;

/// A YAML document whose values remember where they were written.
sealed interface Yaml {
    Origin origin();

    /// Keys and their values; filled while reading and by overrides.
    record Mapping(Origin origin, LinkedHashMap<String, Yaml> entries) implements Yaml {}

    /// A list.
    record Items(Origin origin, List<Yaml> values) implements Yaml {}

    /// A single value.
    ///
    /// @param text as written, without quotes
    /// @param plain not quoted: may be a number, `true`, `false` or `null`
    record Scalar(Origin origin, String text, boolean plain) implements Yaml {
        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }
    }

    /// The value as a message shows it.
    default String shown() {
        return switch (this) {
            case Mapping _ -> "a section";
            case Items items -> "a list of " + items.values().size();
            case Scalar scalar when scalar.isNull() -> "null";
            case Scalar scalar -> scalar.plain() ? scalar.text() : "the text \"" + scalar.text() + "\"";
        };
    }
}
