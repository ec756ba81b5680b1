package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.StreamReader;

/// Text to [Yaml].
final class YamlParser {
    static final int DEEPEST = 20;

    private static final Pattern SIGN = Pattern.compile("\\. \\(Do not use \\S for indentation\\)");

    private final YamlFaults faults;

    private YamlParser(YamlFaults faults) {
        this.faults = faults;
    }

    /// What parsing gives: the tree, and keys that do not stand as they must.
    record Parsed(Yaml tree, List<ReadFault> faults) {}

    /// Parses a document; nothing but comments, or `null`, is an empty section.
    ///
    /// @param source names the document in messages
    static Parsed document(String source, String text) {
        var faults = new YamlFaults(source, Optional.empty());
        Yaml tree = new YamlParser(faults)
                .parse(text)
                .filter(value -> !Conversions.isNull(value))
                .orElseGet(() -> new Yaml.Mapping(Origin.line(1), new LinkedHashMap<>()));
        return new Parsed(tree, faults.noted());
    }

    /// Parses the value of an option; nothing is `null`.
    static Yaml value(String text, Origin origin) {
        var faults = new YamlFaults(origin.place(), Optional.of(origin));
        Yaml value = new YamlParser(faults).parse(text).orElseGet(() -> new Yaml.Scalar(origin, "", true));
        if (!faults.noted().isEmpty()) {
            throw new BadInputException(origin.place() + ": "
                    + faults.noted().stream()
                            .map(fault -> fault.key() + " " + fault.problem())
                            .collect(Collectors.joining("; ")));
        }
        return value;
    }

    private Optional<Yaml> parse(String text) {
        requireCharacters(text);
        var options = new LoaderOptions();
        // What is too deep or too much is told with its line, here and by the tree.
        options.setNestingDepthLimit(2 * DEEPEST);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        var yaml = new org.yaml.snakeyaml.Yaml(options);
        try {
            requireShallow(yaml.parse(new StringReader(text)));
            @Nullable Node root = yaml.compose(new StringReader(text));
            return Optional.ofNullable(root).map(node -> new YamlTree(faults).convert(node));
        } catch (MarkedYAMLException e) {
            throw faults.refusal(line(e.getProblemMark()), "not YAML, " + problem(e));
        } catch (YAMLException e) {
            throw faults.refusal(1, "not YAML, " + Escapes.unprintable(String.valueOf(e.getMessage())));
        }
    }

    private static String problem(MarkedYAMLException e) {
        String all = Stream.of(e.getContext(), e.getProblem())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
        // What is said of indentation holds for tabs alone.
        return Escapes.unprintable(SIGN.matcher(all).replaceFirst("; a text with it is put in quotes"));
    }

    private static int line(@Nullable Mark mark) {
        return mark == null ? 1 : mark.getLine() + 1;
    }

    private void requireCharacters(String text) {
        int at = 0;
        int line = 1;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!StreamReader.isPrintable(point)) {
                throw faults.refusal(
                        line,
                        Text.format(
                                "not YAML, holds the character %s, which is written as that in double quotes",
                                Escapes.unprintable(Character.toString(point))));
            }
            line += point == '\n' ? 1 : 0;
            at += Character.charCount(point);
        }
    }

    /// A tree is built by recursion, so its depth is known before.
    private void requireShallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw faults.tooDeep(line(event.getStartMark()));
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }
}
