package dev.lejepa.tools.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.stream.StreamSupport;

/// JSON that was read already as [Yaml], without lines.
final class JsonTree {
    private JsonTree() {}

    static Yaml of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var entries = new LinkedHashMap<String, Yaml>();
                node.properties().forEach(entry -> entries.put(entry.getKey(), of(entry.getValue())));
                yield new Yaml.Mapping(Origin.NOWHERE, entries);
            }
            case ARRAY ->
                new Yaml.Items(
                        Origin.NOWHERE,
                        StreamSupport.stream(node.spliterator(), false)
                                .map(JsonTree::of)
                                .toList());
            case STRING -> new Yaml.Scalar(Origin.NOWHERE, node.textValue(), false);
            case NUMBER, BOOLEAN, NULL -> new Yaml.Scalar(Origin.NOWHERE, node.asText(), true);
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON text holds " + node);
        };
    }
}
