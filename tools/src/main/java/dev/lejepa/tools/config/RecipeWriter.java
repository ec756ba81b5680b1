package dev.lejepa.tools.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.graphs.recipe.Setting;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes a resolved recipe: every key, in a fixed order, so that equal recipes give equal texts.
public final class RecipeWriter {
    /// Texts that no YAML reader takes for anything else when they are not quoted.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

    private static final Pattern RESERVED = Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n");

    private RecipeWriter() {}

    /// The recipe as YAML; reading it gives an equal recipe.
    public static String yaml(Recipe recipe) {
        var text = new StringBuilder();
        write(RecipeSettings.tree(recipe), "", text);
        return text.toString();
    }

    private static void write(Setting.Section section, String indent, StringBuilder text) {
        section.settings().forEach((key, value) -> {
            text.append(indent).append(word(key)).append(':');
            if (value instanceof Setting.Section inner) {
                text.append('\n');
                write(inner, indent + "  ", text);
            } else {
                text.append(' ').append(scalar(value)).append('\n');
            }
        });
    }

    private static String scalar(Setting value) {
        return switch (value) {
            case Setting.Text(var text) -> word(text);
            case Setting.Listing(var items) ->
                items.stream().map(RecipeWriter::scalar).collect(Collectors.joining(", ", "[", "]"));
            case Setting.Whole whole -> whole.text();
            case Setting.Real real -> real.text();
            case Setting.Flag flag -> flag.text();
            case Setting.Unset unset -> unset.text();
            case Setting.Section(var settings) ->
                settings.entrySet().stream()
                        .map(entry -> word(entry.getKey()) + ": " + scalar(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String word(String text) {
        return PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches() ? text : quoted(text);
    }

    private static String quoted(String text) {
        return '"' + Escapes.unprintable(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /// The recipe as JSON, for manifests.
    public static ObjectNode json(Recipe recipe) {
        return object(RecipeSettings.tree(recipe));
    }

    private static ObjectNode object(Setting.Section section) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        section.settings().forEach((key, value) -> node.set(key, node(value)));
        return node;
    }

    private static JsonNode node(Setting value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case Setting.Text(var word) -> nodes.textNode(word);
            case Setting.Whole(long number) -> nodes.numberNode(number);
            case Setting.Real(double number) -> nodes.numberNode(number);
            case Setting.Flag(boolean flag) -> nodes.booleanNode(flag);
            case Setting.Listing(var items) -> {
                ArrayNode array = nodes.arrayNode();
                items.forEach(item -> array.add(node(item)));
                yield array;
            }
            case Setting.Section section -> object(section);
            case Setting.Unset() -> nodes.nullNode();
        };
    }
}
