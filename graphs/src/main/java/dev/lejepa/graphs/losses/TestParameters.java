package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The parameters of a test as somebody wrote them. Each is asked for once, with its type and default; then
/// [#requireKnown] refuses those that nobody asked for.
public final class TestParameters {
    private final String place;
    private final Map<String, String> given;
    private final List<String> known = new ArrayList<>();

    /// @param place what messages call the list: `loss.test`, `--param`
    /// @param given names and values
    public TestParameters(String place, Map<String, String> given) {
        this.place = place;
        this.given = Map.copyOf(given);
    }

    /// None: everything is as by default.
    public static TestParameters none() {
        return new TestParameters("--param", Map.of());
    }

    int integer(String name, int otherwise) {
        return optionalInteger(name).orElse(otherwise);
    }

    OptionalInt optionalInteger(String name) {
        var text = text(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw fault(name, text, "a whole number");
        }
    }

    double real(String name, double otherwise) {
        return optionalReal(name).orElse(otherwise);
    }

    OptionalDouble optionalReal(String name) {
        var text = text(name);
        if (text == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw fault(name, text, "a number");
        }
    }

    /// One of an enum's constants, in lower case.
    <E extends Enum<E>> E choice(String name, E otherwise) {
        var text = text(name);
        if (text == null) {
            return otherwise;
        }
        var words = new ArrayList<String>();
        for (var constant : otherwise.getDeclaringClass().getEnumConstants()) {
            var word = constant.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return constant;
            }
            words.add(word);
        }
        throw fault(name, text, "one of " + String.join(", ", words));
    }

    private @Nullable String text(String name) {
        known.add(name);
        return given.get(name);
    }

    /// Whether it was asked for.
    boolean isKnown(String name) {
        return known.contains(name);
    }

    private BadInputException fault(String name, String found, String expected) {
        return new BadInputException(Text.format("%s: %s is '%s', must be %s", place, name, found, expected));
    }

    /// @param test whose parameters these are
    /// @throws BadInputException if there are others than those that were asked for
    void requireKnown(String test) {
        var unknown = given.keySet().stream().filter(n -> !isKnown(n)).sorted().toList();
        if (!unknown.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %s has no parameter %s; it has %s",
                    place,
                    test,
                    String.join(", ", unknown),
                    String.join(", ", known.stream().distinct().toList())));
        }
    }
}
