package dev.lejepa.graphs.recipe;

import java.util.List;
import java.util.Locale;
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
            case Unset() -> "null";
        };
    }

    /// The shortest decimal that reads back as the same double; `5e-4` rather than `5.0E-4`.
    private static String real(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value).toLowerCase(Locale.ROOT).replace(".0e", "e");
    }
}
