package dev.lejepa.tools.selfcheck;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/// An object of a case's JSON. What is missing or of another type is named with the file and its path in there.
final class Params {
    private final String where;
    private final JsonNode node;

    /// @param where file and path, for messages
    Params(String where, JsonNode node) {
        if (!node.isObject()) {
            throw new BadInputException(Text.format("%s is %s, expected an object", where, node));
        }
        this.where = where;
        this.node = node;
    }

    /// Whether the key is there and not null.
    boolean has(String key) {
        return node.hasNonNull(key);
    }

    List<String> keys() {
        var keys = new ArrayList<String>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    int integer(String key) {
        var value = required(key);
        if (!value.canConvertToInt()) {
            throw mistyped(key, value, "an integer");
        }
        return value.intValue();
    }

    int integer(String key, int missing) {
        return has(key) ? integer(key) : missing;
    }

    double number(String key) {
        var value = required(key);
        if (!value.isNumber()) {
            throw mistyped(key, value, "a number");
        }
        return value.doubleValue();
    }

    double number(String key, double missing) {
        return has(key) ? number(key) : missing;
    }

    String text(String key) {
        var value = required(key);
        if (!value.isTextual()) {
            throw mistyped(key, value, "a text");
        }
        return value.textValue();
    }

    String text(String key, String missing) {
        return has(key) ? text(key) : missing;
    }

    boolean flag(String key, boolean missing) {
        if (!has(key)) {
            return missing;
        }
        var value = required(key);
        if (!value.isBoolean()) {
            throw mistyped(key, value, "true or false");
        }
        return value.booleanValue();
    }

    Params object(String key) {
        return new Params(where + "." + key, required(key));
    }

    List<Params> objects(String key) {
        var parts = list(key);
        var objects = new ArrayList<Params>();
        for (var i = 0; i < parts.size(); i++) {
            objects.add(new Params(Text.format("%s.%s[%d]", where, key, i), parts.get(i)));
        }
        return objects;
    }

    List<Integer> integers(String key) {
        return list(key).stream()
                .map(v -> {
                    if (!v.canConvertToInt()) {
                        throw mistyped(key, v, "integers");
                    }
                    return v.intValue();
                })
                .toList();
    }

    List<Double> numbers(String key) {
        return list(key).stream()
                .map(v -> {
                    if (!v.isNumber()) {
                        throw mistyped(key, v, "numbers");
                    }
                    return v.doubleValue();
                })
                .toList();
    }

    /// The elements of an array.
    List<JsonNode> list(String key) {
        var value = required(key);
        if (!value.isArray()) {
            throw mistyped(key, value, "a list");
        }
        return StreamSupport.stream(value.spliterator(), false).toList();
    }

    /// Two integers, or one that stands for both.
    List<Integer> pair(String key) {
        if (required(key).isArray()) {
            var both = integers(key);
            if (both.size() != 2) {
                throw mistyped(key, required(key), "one or two integers");
            }
            return both;
        }
        return List.of(integer(key), integer(key));
    }

    /// The value as it stands.
    JsonNode raw(String key) {
        return required(key);
    }

    private JsonNode required(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            throw new BadInputException(Text.format("%s: '%s' is missing; there are %s", where, key, keys()));
        }
        return value;
    }

    private BadInputException mistyped(String key, JsonNode found, String expected) {
        return new BadInputException(Text.format("%s.%s is %s, expected %s", where, key, found, expected));
    }
}
