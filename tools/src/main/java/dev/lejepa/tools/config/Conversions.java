package dev.lejepa.tools.config;

import dev.lejepa.graphs.recipe.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Values of a recipe as what their keys hold; nothing where they do not fit.
final class Conversions {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
    /// `1_000_000`
    private static final Pattern GROUPS = Pattern.compile("(?<=\\d)_(?=\\d)");
    /// Exponents beyond any double are texts; they would also take forever to write out as whole numbers.
    private static final int LONGEST_NUMBER = 40;

    private Conversions() {}

    /// `null` for a key that holds no text.
    static boolean isNull(Yaml value) {
        return switch (value) {
            case Yaml.Scalar scalar -> scalar.isNull();
            case Yaml.Typed typed -> typed.word().isNull();
            case Yaml.Mapping _, Yaml.Items _ -> false;
        };
    }

    /// `null` for a key that holds a text: of what may be typed, only that word.
    static boolean isNullText(Yaml value) {
        return value instanceof Yaml.Typed typed ? typed.text().equals("null") : isNull(value);
    }

    /// A text: as it is typed, character by character, or as a document quotes it.
    static Optional<String> asText(Yaml value) {
        return switch (value) {
            case Yaml.Typed typed -> Optional.of(typed.text());
            case Yaml.Scalar scalar -> scalar.isNull() ? Optional.empty() : Optional.of(scalar.text());
            case Yaml.Mapping _, Yaml.Items _ -> Optional.empty();
        };
    }

    /// A word or a number as it is written, without spaces around it.
    static Optional<String> asWord(Yaml value) {
        return value instanceof Yaml.Typed typed ? asText(typed.word()) : asText(value);
    }

    /// What may be a number or a flag.
    private static Optional<String> asPlain(Yaml value) {
        boolean quoted = value instanceof Yaml.Scalar scalar && !scalar.plain();
        return quoted ? Optional.empty() : asWord(value);
    }

    private static Optional<String> asNumber(Yaml value) {
        return asPlain(value)
                .map(text -> GROUPS.matcher(text).replaceAll(""))
                .filter(text -> text.length() <= LONGEST_NUMBER
                        && NUMBER.matcher(text).matches()
                        && Double.isFinite(Double.parseDouble(text)));
    }

    static Optional<Double> asDouble(Yaml value) {
        return asNumber(value).map(Double::parseDouble);
    }

    static Optional<Long> asLong(Yaml value) {
        return asNumber(value)
                .flatMap(Conversions::exact)
                .filter(number -> number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0)
                .filter(number -> number.stripTrailingZeros().scale() <= 0)
                .map(BigDecimal::longValueExact);
    }

    /// @return nothing for exponents beyond all that can be counted, such as `1e-2147483648`
    private static Optional<BigDecimal> exact(String number) {
        try {
            return Optional.of(new BigDecimal(number));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<Integer> asInt(Yaml value) {
        return asLong(value).filter(number -> number == number.intValue()).map(Long::intValue);
    }

    /// `true` or `false`, or the other words of YAML for them.
    static Optional<Boolean> asFlag(Yaml value) {
        return asPlain(value).flatMap(text -> {
            boolean yes = Stream.of("true", "yes", "on").anyMatch(text::equalsIgnoreCase);
            boolean no = Stream.of("false", "no", "off").anyMatch(text::equalsIgnoreCase);
            return yes || no ? Optional.of(yes) : Optional.empty();
        });
    }

    static <T> Optional<List<T>> asList(Yaml value, Function<Yaml, Optional<T>> convert) {
        if (!(structured(value) instanceof Yaml.Items items)) {
            return Optional.empty();
        }
        List<T> converted =
                items.values().stream().map(convert).flatMap(Optional::stream).toList();
        return converted.size() == items.values().size() ? Optional.of(converted) : Optional.empty();
    }

    /// A value whose key does not say what it must be: what it looks like.
    static Optional<Setting> asSetting(Yaml value) {
        if (isNullText(value)) {
            return Optional.of(new Setting.Unset());
        }
        return wrapped(asLong(value), Setting.Whole::new)
                .or(() -> wrapped(asDouble(value), Setting.Real::new))
                .or(() -> wrapped(asFlag(value), Setting.Flag::new))
                .or(() -> wrapped(asItems(value), Setting.Listing::new))
                .or(() -> wrapped(asText(value), Setting.Text::new));
    }

    private static Optional<List<Setting>> asItems(Yaml value) {
        var isList = value instanceof Yaml.Items
                || value instanceof Yaml.Typed typed && typed.text().strip().startsWith("[");
        return isList ? asList(value, Conversions::asSetting) : Optional.empty();
    }

    private static <T> Optional<Setting> wrapped(Optional<T> value, Function<T, Setting> kind) {
        return value.map(kind);
    }

    /// The value where a list may stand in the place of a text: an option writes it in brackets.
    static Yaml listed(Yaml value) {
        String text = value instanceof Yaml.Typed typed ? typed.text().strip() : "";
        return text.startsWith("[") && text.endsWith("]") ? structured(value) : value;
    }

    /// The value where a list or a section is expected, which options write as YAML.
    static Yaml structured(Yaml value) {
        return value instanceof Yaml.Typed typed ? typed.document() : value;
    }
}
