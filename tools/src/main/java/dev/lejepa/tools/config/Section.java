package dev.lejepa.tools.config;

import dev.lejepa.graphs.recipe.Choice;
import dev.lejepa.graphs.recipe.Interval;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One section of a recipe. Every key is asked for once, with its type and default; asking is also how the known keys
/// are learned. A value that does not fit is noted and its default returned, so that reading goes on to the next.
final class Section {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
    /// Exponents beyond any double are texts; they would also take forever to write out as whole numbers.
    private static final int LONGEST_NUMBER = 40;

    private final String path;
    private final Yaml.Mapping values;
    private final Findings findings;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(String path, Yaml.Mapping values, Findings findings) {
        this.path = path;
        this.values = values;
        this.findings = findings;
    }

    /// True where the recipe itself says something about `key`.
    boolean has(String key) {
        return values.entries().containsKey(key);
    }

    /// A section inside this one; empty where it is missing or says `null`.
    Section section(String key) {
        Yaml value = find(key).orElse(null);
        return switch (value) {
            case Yaml.Mapping mapping -> new Section(full(key), mapping, findings);
            case Yaml.Scalar scalar when scalar.isNull() -> empty(key);
            case null -> empty(key);
            case Yaml.Items other -> misplaced(key, other);
            case Yaml.Scalar other -> misplaced(key, other);
        };
    }

    private Section misplaced(String key, Yaml found) {
        fault(key, found, "a section with keys of its own");
        return empty(key);
    }

    private Section empty(String key) {
        return new Section(full(key), new Yaml.Mapping(values.origin(), new LinkedHashMap<>()), findings);
    }

    /// True where `key` is there and says `null`.
    boolean isNull(String key) {
        return find(key).orElse(null) instanceof Yaml.Scalar scalar && scalar.isNull();
    }

    long whole(String key, long otherwise) {
        return value(key, "a whole number", Section::asLong).orElse(otherwise);
    }

    int whole(String key, int otherwise) {
        return value(key, "a whole number", Section::asInt).orElse(otherwise);
    }

    double real(String key, double otherwise) {
        return value(key, "a number", Section::asDouble).orElse(otherwise);
    }

    /// A whole number or the given word, which stands for "not fixed".
    OptionalInt wholeOr(String key, String word, OptionalInt otherwise) {
        return this.<OptionalInt>value(key, "a whole number or " + word, value -> {
                    if (word.equals("null")
                            ? isNullValue(value)
                            : asText(value).filter(word::equals).isPresent()) {
                        return Optional.of(OptionalInt.empty());
                    }
                    return asInt(value).map(OptionalInt::of);
                })
                .orElse(otherwise);
    }

    /// A whole number, if given.
    OptionalInt optionalWhole(String key) {
        return wholeOr(key, "null", OptionalInt.empty());
    }

    /// A number, if given.
    OptionalDouble optionalReal(String key) {
        return optional(key, "a number", Section::asDouble)
                .map(OptionalDouble::of)
                .orElseGet(OptionalDouble::empty);
    }

    /// `true` or `false`, if given.
    Optional<Boolean> optionalFlag(String key) {
        return optional(key, "true or false", Section::asFlag);
    }

    /// A text, if given.
    Optional<String> optionalText(String key) {
        return optional(key, "a text", Section::asText);
    }

    String text(String key, String otherwise) {
        return value(key, "a text", Section::asText).orElse(otherwise);
    }

    <E extends Enum<E> & Choice> E choice(String key, E otherwise) {
        Class<E> type = otherwise.getDeclaringClass();
        List<String> words = Choice.words(type);
        String expected = (words.size() == 1 ? "" : "one of ") + String.join(", ", words);
        return value(key, expected, value -> asText(value).flatMap(word -> Choice.find(type, word)))
                .orElse(otherwise);
    }

    /// All keys of the section and what they say.
    SortedMap<String, String> words() {
        var words = new TreeMap<String, String>();
        for (var key : values.entries().keySet()) {
            value(key, "a text or a number", Section::asText).ifPresent(text -> words.put(key, text));
        }
        return words;
    }

    /// Two numbers.
    Interval interval(String key, Interval otherwise) {
        return value(
                        key,
                        "a list of two numbers",
                        value -> asList(value, Section::asDouble)
                                .filter(list -> list.size() == 2)
                                .map(list -> new Interval(list.get(0), list.get(1))))
                .orElse(otherwise);
    }

    List<Double> reals(String key, List<Double> otherwise) {
        return value(key, "a list of numbers", value -> asList(value, Section::asDouble))
                .orElse(otherwise);
    }

    List<Integer> wholes(String key, List<Integer> otherwise) {
        return value(key, "a list of whole numbers", value -> asList(value, Section::asInt))
                .orElse(otherwise);
    }

    List<String> texts(String key, List<String> otherwise) {
        return value(key, "a list of texts", value -> asList(value, Section::asText))
                .orElse(otherwise);
    }

    /// A value of another kind; `convert` gives nothing where it does not fit.
    <T> Optional<T> value(String key, String expected, Function<Yaml, Optional<T>> convert) {
        Optional<Yaml> given = find(key);
        Optional<T> value = given.flatMap(convert);
        if (given.isPresent() && value.isEmpty()) {
            fault(key, given.get(), expected);
        }
        return value;
    }

    /// As `value`, but `null` is the same as saying nothing.
    private <T> Optional<T> optional(String key, String expected, Function<Yaml, Optional<T>> convert) {
        if (isNull(key)) {
            return Optional.empty();
        }
        return value(key, expected, convert);
    }

    /// Notes every key that nobody asked for. Call when the section has been read.
    void refuseUnknownKeys() {
        values.entries().forEach((key, value) -> {
            if (!asked.contains(key)) {
                findings.unknown(full(key), value.origin());
            }
        });
    }

    private Optional<Yaml> find(String key) {
        asked.add(key);
        Optional<Yaml> value = Optional.ofNullable(values.entries().get(key));
        findings.known(full(key), value.map(Yaml::origin));
        return value;
    }

    private void fault(String key, Yaml found, String expected) {
        findings.fault(full(key), found.origin(), "is %s, must be %s".formatted(found.shown(), expected));
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isNullValue(Yaml value) {
        return value instanceof Yaml.Scalar scalar && scalar.isNull();
    }

    static Optional<String> asText(Yaml value) {
        return value instanceof Yaml.Scalar scalar && !scalar.isNull() ? Optional.of(scalar.text()) : Optional.empty();
    }

    private static Optional<BigDecimal> asNumber(Yaml value) {
        return value instanceof Yaml.Scalar scalar
                        && scalar.plain()
                        && scalar.text().length() <= LONGEST_NUMBER
                        && NUMBER.matcher(scalar.text()).matches()
                        && Double.isFinite(Double.parseDouble(scalar.text()))
                ? Optional.of(new BigDecimal(scalar.text()))
                : Optional.empty();
    }

    private static Optional<Double> asDouble(Yaml value) {
        return asNumber(value).map(BigDecimal::doubleValue);
    }

    private static Optional<Long> asLong(Yaml value) {
        return asNumber(value)
                .filter(number -> number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0)
                .filter(number -> number.stripTrailingZeros().scale() <= 0)
                .map(BigDecimal::longValueExact);
    }

    static Optional<Integer> asInt(Yaml value) {
        return asLong(value).filter(number -> number == number.intValue()).map(Long::intValue);
    }

    private static Optional<Boolean> asFlag(Yaml value) {
        return asText(value)
                .filter(text -> ((Yaml.Scalar) value).plain())
                .flatMap(text -> Stream.of("true", "false")
                        .filter(text::equalsIgnoreCase)
                        .findFirst())
                .map(Boolean::valueOf);
    }

    static <T> Optional<List<T>> asList(Yaml value, Function<Yaml, Optional<T>> convert) {
        if (!(value instanceof Yaml.Items items)) {
            return Optional.empty();
        }
        List<T> converted =
                items.values().stream().map(convert).flatMap(Optional::stream).toList();
        return converted.size() == items.values().size() ? Optional.of(converted) : Optional.empty();
    }
}
