package dev.lejepa.tools.config;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/// A composed document as [Yaml]: aliases become copies, merge keys (`<<: *anchor`) the keys that they stand for. Types
/// are not guessed here (YAML 1.1 takes `1e-3` for a text and `no` for a boolean): the reader of a key knows what it
/// expects.
final class YamlTree {
    /// Values with every alias copied; a recipe has about a hundred.
    private static final int MOST = 100_000;

    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE, Tag.MAP, Tag.SEQ);

    private final Resolver resolver = new Resolver();
    private final YamlFaults faults;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    YamlTree(YamlFaults faults) {
        this.faults = faults;
    }

    Yaml convert(Node root) {
        return convert(root, "", at(root));
    }

    /// @param path of the key that the value belongs to
    /// @param here where that key was written
    private Yaml convert(Node node, String path, Origin here) {
        if (++values > MOST) {
            throw faults.refusal(line(node), Text.format("aliases make more than %d values of it", MOST));
        }
        if (!TAGS.contains(node.getTag())) {
            throw faults.refusal(
                    line(node),
                    Text.format(
                            "%s is a tag that recipes do not have; a text that begins with ! is put in quotes",
                            node.getTag()));
        }
        return switch (node) {
            case ScalarNode scalar -> new Yaml.Scalar(here, scalar.getValue(), isPlain(scalar));
            case MappingNode mapping -> {
                enter(mapping);
                Yaml.Mapping converted = mapping(mapping, path, here);
                open.remove(mapping);
                yield converted;
            }
            case SequenceNode sequence -> {
                enter(sequence);
                List<Yaml> items = sequence.getValue().stream()
                        .map(item -> convert(item, path, at(item)))
                        .toList();
                open.remove(sequence);
                yield new Yaml.Items(here, items);
            }
            case Node other -> throw faults.refusal(line(other), "not YAML that a recipe can hold");
        };
    }

    private void enter(Node node) {
        if (!open.add(node)) {
            throw faults.refusal(line(node), Text.format("the anchor &%s contains itself", node.getAnchor()));
        }
        if (open.size() > YamlParser.DEEPEST) {
            throw faults.tooDeep(line(node));
        }
    }

    /// Not quoted, nor said to be a text (`!!str 64`).
    private boolean isPlain(ScalarNode scalar) {
        return scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (!scalar.getTag().equals(Tag.STR)
                        || resolver.resolve(NodeId.scalar, scalar.getValue(), true)
                                .equals(Tag.STR));
    }

    private Yaml.Mapping mapping(MappingNode mapping, String path, Origin here) {
        var entries = new LinkedHashMap<String, Yaml>();
        var merged = new ArrayList<Yaml.Mapping>();
        var places = new LinkedHashMap<String, Origin>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw faults.refusal(line(tuple.getKeyNode()), "a list or a section stands where a key is expected");
            }
            Origin at = at(name);
            String full = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
            Origin earlier = places.put(name.getValue(), at);
            if (earlier != null) {
                faults.note(at, full, "is given twice" + (earlier.equals(at) ? "" : ", before at " + earlier.place()));
            }
            if (name.getTag().equals(Tag.MERGE)) {
                merged.addAll(merged(convert(tuple.getValueNode(), path, at), full));
            } else {
                entries.put(name.getValue(), convert(tuple.getValueNode(), full, at));
            }
        }
        // What the section says itself goes first, wherever it stands, then the first of several that are merged.
        merged.forEach(section -> section.entries().forEach(entries::putIfAbsent));
        return new Yaml.Mapping(here, entries);
    }

    private List<Yaml.Mapping> merged(Yaml value, String key) {
        List<Yaml> parts = value instanceof Yaml.Items items ? items.values() : List.of(value);
        var sections = new ArrayList<Yaml.Mapping>();
        for (Yaml part : parts) {
            if (part instanceof Yaml.Mapping section) {
                sections.add(section);
            } else {
                faults.note(
                        part.origin(),
                        key,
                        Text.format("merges %s, must merge a section or a list of sections", part.shown()));
            }
        }
        return sections;
    }

    private Origin at(Node node) {
        return faults.at(line(node));
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
