package dev.lejepa.tools.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a run computed: all that must be the same however often the run was interrupted.
///
/// @param files digests of every saved tensor file and of the encoder
/// @param metrics the lines of the log less what was measured with a clock
/// @param ends how the log says that the run ended
/// @param unfinished what was left half written
record RunContent(SortedMap<String, String> files, List<String> metrics, List<String> ends, List<Path> unfinished) {
    /// A run tells of every sitting, and of what it finds then.
    private static final Set<String> OF_A_SITTING = Set.of("start", "warning");

    static RunContent of(Path run) throws IOException {
        var files = new TreeMap<String, String>();
        var unfinished = new ArrayList<Path>();
        try (var entries = Files.walk(run)) {
            for (var entry : entries.filter(Files::isRegularFile).toList()) {
                var name = run.relativize(entry).toString();
                if (name.equals("encoder.onnx") || name.matches("checkpoints/step-\\d+/.*\\.safetensors")) {
                    files.put(name, sha256(entry));
                } else if (name.matches(".*\\.(tmp|unfinished)(/.*)?")) {
                    unfinished.add(entry);
                }
            }
        }
        var metrics = new ArrayList<String>();
        var ends = new ArrayList<String>();
        for (var line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            var node = (ObjectNode) new JsonMapper().readTree(line);
            var event = node.get("event").asText();
            if (event.equals("end")) {
                ends.add(node.get("outcome").asText());
            }
            if (!OF_A_SITTING.contains(event)) {
                metrics.add(withoutTimes(node).toString());
            }
        }
        return new RunContent(files, metrics, ends, unfinished);
    }

    private static JsonNode withoutTimes(ObjectNode line) {
        var kept = line.deepCopy();
        kept.remove(line.propertyStream()
                .map(field -> field.getKey())
                .filter(key -> key.endsWith("_per_s")
                        || Set.of("time", "seconds", "data_wait_ms").contains(key))
                .toList());
        return kept;
    }

    private static String sha256(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// What another run has otherwise, in one line; nothing where both computed the same to the bit.
    Optional<String> difference(RunContent other) {
        if (!other.unfinished.isEmpty()) {
            return Optional.of("left half written: " + other.unfinished);
        }
        if (!files.keySet().equals(other.files.keySet())) {
            return Optional.of("has the files %s, expected %s".formatted(other.files.keySet(), files.keySet()));
        }
        var differing = files.keySet().stream()
                .filter(name -> !files.get(name).equals(other.files.get(name)))
                .toList();
        if (!differing.isEmpty()) {
            return Optional.of("other bits in " + differing);
        }
        if (!ends.equals(other.ends)) {
            return Optional.of("ended %s, expected %s".formatted(other.ends, ends));
        }
        return firstDifference(other.metrics);
    }

    private Optional<String> firstDifference(List<String> found) {
        for (var i = 0; i < Math.max(metrics.size(), found.size()); i++) {
            var expected = i < metrics.size() ? metrics.get(i) : "nothing";
            var line = i < found.size() ? found.get(i) : "nothing";
            if (!line.equals(expected)) {
                return Optional.of("metrics line %d is %s, expected %s".formatted(i + 1, line, expected));
            }
        }
        return Optional.empty();
    }
}
