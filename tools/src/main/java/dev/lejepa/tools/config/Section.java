package dev.lejepa.tools.config;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Choice;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.graphs.recipe.SourceSpec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// One section of a recipe. Every key is asked for once, with its type and default; asking is also how the known keys
/// are learned. A value that does not fit is noted and its default returned, so that reading goes on to the next.
final class Section {
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
        Optional<Yaml> value = find(key);
        if (value.isEmpty() || Conversions.isNull(value.get())) {
            return empty(key);
        }
        if (Conversions.structured(value.get()) instanceof Yaml.Mapping mapping) {
            return new Section(full(key), mapping, findings);
        }
        fault(key, value.get(), "a section with keys of its own");
        return empty(key);
    }

    private Section empty(String key) {
        return new Section(full(key), new Yaml.Mapping(values.origin(), new LinkedHashMap<>()), findings);
    }

    /// True where `key` is there and says `null`.
    boolean isNull(String key) {
        return find(key).filter(Conversions::isNull).isPresent();
    }

    long whole(String key, long otherwise) {
        return value(key, "a whole number", Conversions::asLong).orElse(otherwise);
    }

    int whole(String key, int otherwise) {
        return value(key, "a whole number", Conversions::asInt).orElse(otherwise);
    }

    double real(String key, double otherwise) {
        return value(key, "a number", Conversions::asDouble).orElse(otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return value(key, "true or false", Conversions::asFlag).orElse(otherwise);
    }

    /// A whole number or the given word, which stands for "not fixed".
    OptionalInt wholeOr(String key, String word, OptionalInt otherwise) {
        return this.<OptionalInt>value(key, "a whole number or " + word, value -> {
                    if (word.equals("null")
                            ? Conversions.isNull(value)
                            : Conversions.asWord(value).filter(word::equals).isPresent()) {
                        return Optional.of(OptionalInt.empty());
                    }
                    return Conversions.asInt(value).map(OptionalInt::of);
                })
                .orElse(otherwise);
    }

    /// A number, if given.
    OptionalDouble optionalReal(String key) {
        return optional(key, "a number", Conversions::isNull, Conversions::asDouble)
                .map(OptionalDouble::of)
                .orElseGet(OptionalDouble::empty);
    }

    /// A text, if given.
    Optional<String> optionalText(String key) {
        return optional(key, "a text", Conversions::isNullText, Conversions::asText);
    }

    /// Sources of images: one path, or a list of paths and of `{path: ..., weight: ...}`; none for `null`.
    List<SourceSpec> sources(String key) {
        Optional<Yaml> given = find(key);
        if (given.isEmpty() || Conversions.isNullText(given.get())) {
            return List.of();
        }
        if (Conversions.listed(given.get()) instanceof Yaml.Items items
                && !items.values().isEmpty()) {
            return IntStream.range(0, items.values().size())
                    .mapToObj(place ->
                            source(key + "[" + place + "]", items.values().get(place)))
                    .toList();
        }
        Optional<String> path = Conversions.asText(given.get());
        if (path.isEmpty()) {
            fault(key, given.get(), "a path, or a list of paths and of {path: ..., weight: ...}");
        }
        return path.map(SourceSpec::of).stream().toList();
    }

    private SourceSpec source(String place, Yaml given) {
        if (given instanceof Yaml.Mapping mapping) {
            Section section = new Section(full(place), mapping, findings);
            if (!section.has("path")) {
                fault(place, given, "given a path");
            }
            String path = section.text("path", "");
            OptionalDouble weight = section.optionalReal("weight");
            section.refuseUnknownKeys();
            return new SourceSpec(path, weight);
        }
        Optional<String> path = Conversions.asText(given);
        if (path.isEmpty()) {
            fault(place, given, "a path or {path: ..., weight: ...}");
        }
        return SourceSpec.of(path.orElse("?"));
    }

    String text(String key, String otherwise) {
        return value(key, "a text", Conversions::asText).orElse(otherwise);
    }

    <E extends Enum<E> & Choice> E choice(String key, E otherwise) {
        Class<E> type = otherwise.getDeclaringClass();
        List<String> words = Choice.words(type);
        String expected = (words.size() == 1 ? "" : "one of ") + String.join(", ", words);
        return value(key, expected, value -> Conversions.asWord(value).flatMap(word -> Choice.find(type, word)))
                .orElse(otherwise);
    }

    /// All keys of the section and what they say.
    SortedMap<String, String> words() {
        var words = new TreeMap<String, String>();
        for (var key : values.entries().keySet()) {
            value(key, "a text or a number", Conversions::asWord).ifPresent(text -> words.put(key, text));
        }
        return words;
    }

    /// What the keys say beside `others`, each as what it looks like: a number, a flag, a list, a text.
    SequencedMap<String, Setting> settings(Set<String> others) {
        var settings = new LinkedHashMap<String, Setting>();
        for (var key : values.entries().keySet()) {
            if (!others.contains(key)) {
                value(key, "a number, a flag, a text or a list of these", Conversions::asSetting)
                        .ifPresent(setting -> settings.put(key, setting));
            }
        }
        return settings;
    }

    /// Two numbers.
    Interval interval(String key, Interval otherwise) {
        return value(
                        key,
                        "a list of two numbers",
                        value -> Conversions.asList(value, Conversions::asDouble)
                                .filter(list -> list.size() == 2)
                                .map(list -> new Interval(list.get(0), list.get(1))))
                .orElse(otherwise);
    }

    List<Double> reals(String key, List<Double> otherwise) {
        return value(key, "a list of numbers", value -> Conversions.asList(value, Conversions::asDouble))
                .orElse(otherwise);
    }

    List<Integer> wholes(String key, List<Integer> otherwise) {
        return value(key, "a list of whole numbers", value -> Conversions.asList(value, Conversions::asInt))
                .orElse(otherwise);
    }

    List<String> texts(String key, List<String> otherwise) {
        return value(key, "a list of texts", value -> Conversions.asList(value, Conversions::asText))
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
    private <T> Optional<T> optional(
            String key, String expected, Predicate<Yaml> isNull, Function<Yaml, Optional<T>> convert) {
        return find(key).filter(isNull).isPresent() ? Optional.empty() : value(key, expected, convert);
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
        findings.fault(full(key), found.origin(), Text.format("is %s, must be %s", found.shown(), expected));
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
