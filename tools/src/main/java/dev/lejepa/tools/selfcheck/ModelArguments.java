package dev.lejepa.tools.selfcheck;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Setting;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.StreamSupport;

/// timm's arguments of a model as a case writes them.
final class ModelArguments {
    private ModelArguments() {}

    /// @param except keys that are no arguments
    static SequencedMap<String, Setting> of(Params params, Set<String> except) {
        var arguments = new LinkedHashMap<String, Setting>();
        params.keys().stream()
                .filter(key -> params.has(key) && !except.contains(key))
                .forEach(key -> arguments.put(key, setting(key, params.raw(key))));
        return arguments;
    }

    private static Setting setting(String key, JsonNode value) {
        if (value.isArray()) {
            return new Setting.Listing(StreamSupport.stream(value.spliterator(), false)
                    .map(v -> setting(key, v))
                    .toList());
        }
        if (value.isIntegralNumber()) {
            return new Setting.Whole(value.longValue());
        }
        if (value.isNumber()) {
            return new Setting.Real(value.doubleValue());
        }
        if (value.isBoolean()) {
            return new Setting.Flag(value.booleanValue());
        }
        if (value.isTextual()) {
            return new Setting.Text(value.textValue());
        }
        throw new BadInputException(Text.format("%s is %s, expected a number, a flag, a text or a list", key, value));
    }
}
