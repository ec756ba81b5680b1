package dev.lejepa.tools.config;

import dev.lejepa.graphs.Escapes;
import java.util.LinkedHashMap;
import java.util.List;

/// A value that remembers where it was written: of a document, or of an option.
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
            return plain
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }
    }

    /// The value of an option. What it is depends on what its key holds: a text as it is typed, a number, flag or word
    /// without spaces around it, or a list or section as YAML.
    record Typed(Origin origin, String text) implements Yaml {
        /// As the plain value of a document.
        Scalar word() {
            return new Scalar(origin, text.strip(), true);
        }

        /// As a document of its own.
        Yaml document() {
            return YamlParser.value(text, origin);
        }
    }

    /// The value as a message shows it.
    default String shown() {
        return switch (this) {
            case Mapping _ -> "a section";
            case Items items -> "a list of " + items.values().size();
            case Scalar scalar when scalar.isNull() -> "null";
            case Scalar scalar when scalar.plain() -> Escapes.unprintable(scalar.text());
            case Scalar scalar -> "the text \"" + Escapes.unprintable(scalar.text()) + "\"";
            case Typed typed -> typed.text().isBlank() ? "empty" : Escapes.unprintable(typed.text());
        };
    }
}
