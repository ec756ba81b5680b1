package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// Text to [Yaml]. Types are not guessed here (YAML 1.1 takes `1e-3` for a text and `no` for a boolean): the reader of
/// a key knows what it expects.
final class YamlParser {
    private static final int DEEPEST = 20;

    private final String source;
    private final Optional<Origin> origin;
    private final List<ReadFault> faults = new ArrayList<>();

    private YamlParser(String source, Optional<Origin> origin) {
        this.source = source;
        this.origin = origin;
    }

    /// What parsing gives: the tree, and keys that are given twice.
    record Parsed(Yaml tree, List<ReadFault> faults) {}

    /// Parses a document; nothing but comments is an empty section.
    ///
    /// @param source names the document in messages
    static Parsed document(String source, String text) {
        var parser = new YamlParser(source, Optional.empty());
        Yaml tree = parser.parse(text).orElseGet(() -> new Yaml.Mapping(Origin.line(1), new LinkedHashMap<>()));
        return new Parsed(tree, parser.faults);
    }

    /// Parses the value of an option; nothing is `null`.
    static Yaml value(String text, Origin origin) {
        return new YamlParser(origin.place(), Optional.of(origin))
                .parse(text)
                .orElseGet(() -> new Yaml.Scalar(origin, "", true));
    }

    private Optional<Yaml> parse(String text) {
        try {
            var options = new LoaderOptions();
            options.setNestingDepthLimit(DEEPEST);
            Node root = new org.yaml.snakeyaml.Yaml(options).compose(new StringReader(text));
            return Optional.ofNullable(root).map(node -> convert(node, ""));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new BadInputException("%s: line %d: not YAML, %s".formatted(source, line, e.getProblem()), e);
        } catch (YAMLException e) {
            throw new BadInputException("%s: not YAML, %s".formatted(source, oneLine(e)), e);
        }
    }

    private static String oneLine(YAMLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private Yaml convert(Node node, String path) {
        Origin here = origin.orElseGet(() -> Origin.line(node.getStartMark().getLine() + 1));
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, path, here);
            case SequenceNode sequence ->
                new Yaml.Items(
                        here,
                        sequence.getValue().stream()
                                .map(item -> convert(item, path))
                                .toList());
            case ScalarNode scalar ->
                new Yaml.Scalar(here, scalar.getValue(), scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN);
            case Node other ->
                throw new BadInputException(source + ": not YAML that a recipe can hold: " + other.getNodeId());
        };
    }

    private Yaml.Mapping mapping(MappingNode mapping, String path, Origin here) {
        var entries = new LinkedHashMap<String, Yaml>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode name ? name.getValue() : "?";
            String full = path.isEmpty() ? key : path + "." + key;
            Yaml value = convert(tuple.getValueNode(), full);
            Yaml earlier = entries.put(key, value);
            if (earlier != null) {
                faults.add(new ReadFault(
                        value.origin(),
                        full,
                        "is given twice, before at " + earlier.origin().place()));
            }
        }
        return new Yaml.Mapping(here, entries);
    }
}
