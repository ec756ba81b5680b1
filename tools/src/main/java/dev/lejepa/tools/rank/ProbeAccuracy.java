package dev.lejepa.tools.rank;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/// What a run's `metrics.jsonl` says of its online probe.
final class ProbeAccuracy {
    private ProbeAccuracy() {}

    /// The last `val_top1`; empty where no epoch has one.
    static OptionalDouble last(Path metrics) throws IOException {
        if (!Files.isRegularFile(metrics)) {
            return OptionalDouble.empty();
        }
        var json = new ObjectMapper();
        var last = OptionalDouble.empty();
        var number = 0;
        try (BufferedReader lines = Files.newBufferedReader(metrics)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                var top1 = parse(json, line, metrics, number).path("val_top1");
                if (top1.isNumber()) {
                    last = OptionalDouble.of(top1.asDouble());
                }
            }
        }
        return last;
    }

    private static JsonNode parse(ObjectMapper json, String line, Path file, int number) {
        try {
            return json.readTree(line);
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    Text.format("%s line %d: found no JSON object, expected one event a line", file, number), e);
        }
    }
}
