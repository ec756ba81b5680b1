package dev.lejepa.tools.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Reads `metrics.jsonl` line by line, in memory that does not grow with it. Lines that a crash broke at the end are
/// left out and told; a broken line with whole ones behind it is damage.
final class RunLogReader {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /// Warnings that are kept; the others are counted.
    private static final int WARNINGS = 100;

    private final Path file;
    private final Map<Source, Buckets> series = new EnumMap<>(Source.class);
    private final Map<Source, Spectra> spectra = new EnumMap<>(Source.class);
    private final List<RunLog.Warning> warnings = new ArrayList<>();
    private final List<RunLog.Sitting> sittings = new ArrayList<>();
    private final StepTotals totals;
    private long warningsInAll;

    private RunLogReader(Path file, int batch, int points) {
        this.file = file;
        this.totals = new StepTotals(batch);
        for (var source : Source.values()) {
            series.put(source, new Buckets(points, source.columns()));
            spectra.put(source, new Spectra());
        }
    }

    /// Reads a file; one that is missing is that of a run that has not begun.
    ///
    /// @param batch images of a step
    /// @param points of a curve at most
    /// @throws BadInputException if a line in its middle is no event
    static RunLog read(Path file, int batch, int points) throws IOException {
        var reader = new RunLogReader(file, batch, points);
        var cutOff = Files.exists(file) ? reader.lines() : Optional.<String>empty();
        return new RunLog(
                reader.series,
                reader.totals,
                reader.spectra,
                reader.warnings,
                reader.warningsInAll,
                reader.sittings,
                cutOff);
    }

    /// @return what is wrong with the end of the file
    private Optional<String> lines() throws IOException {
        var broken = 0L;
        var number = 0L;
        // not Files.newBufferedReader: bytes that are no UTF-8 break their line alone
        try (var in = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                var event = parse(line);
                if (event.isEmpty()) {
                    broken = broken == 0 ? number : broken;
                } else if (broken > 0) {
                    throw new BadInputException(Text.format(
                            "%s line %d: found no JSON object with event and step, expected one; mend or remove the line",
                            file, broken));
                } else {
                    add(event.get());
                }
            }
        }
        return broken == 0
                ? Optional.empty()
                : Optional.of(Text.format(
                        "metrics.jsonl is cut off at line %d: what stands before it is shown, up to step %d",
                        broken, totals.lastStep()));
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            return event.path("event").isTextual()
                            && event.path("step").isIntegralNumber()
                            && event.path("step").asLong() >= 0
                    ? Optional.of(event)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void add(JsonNode event) {
        var step = event.get("step").asLong();
        switch (event.get("event").asText()) {
            case "start" -> sittings.add(sitting(event));
            case "end" -> end(event);
            case "warning" -> warning(event);
            case "step" ->
                totals.add(
                        step,
                        number(event, "loss"),
                        number(event, "invariance"),
                        number(event, "sigreg"),
                        number(event, "images_per_s"),
                        number(event, "data_wait_ms"));
            default -> {} // ends of epochs and the like, which are a source's below; and what else may come to be told
        }
        Source.of(event).ifPresent(source -> {
            Objects.requireNonNull(series.get(source)).add(step, source.row(event, totals.seconds()));
            spectrum(event).ifPresent(Objects.requireNonNull(spectra.get(source))::add);
        });
    }

    private static RunLog.Sitting sitting(JsonNode event) {
        return new RunLog.Sitting(
                event.path("time").asText(),
                event.path("step").asLong(),
                event.path("steps").asLong(),
                event.path("steps_per_epoch").asLong(),
                event.path("parameters").asLong(),
                event.path("device").asText(),
                event.path("threads").asInt(),
                Optional.empty());
    }

    private void end(JsonNode event) {
        if (sittings.isEmpty()) {
            return;
        }
        var end = new RunLog.End(
                event.path("time").asText(),
                event.path("step").asLong(),
                number(event, "seconds"),
                event.path("outcome").asText());
        sittings.add(sittings.removeLast().endedBy(end));
    }

    private void warning(JsonNode event) {
        warningsInAll++;
        if (warnings.size() == WARNINGS) {
            return;
        }
        var files = new ArrayList<String>();
        event.path("files").forEach(file -> files.add(file.asText()));
        warnings.add(new RunLog.Warning(
                event.path("step").asLong(),
                event.path("about").asText(),
                event.path("message").asText(),
                files));
    }

    private static Optional<Spectra.Spectrum> spectrum(JsonNode event) {
        var places = new ArrayList<Integer>();
        event.path("spectrum_places").forEach(place -> places.add(place.asInt()));
        var shares = new ArrayList<Double>();
        event.path("spectrum").forEach(share -> shares.add(share.asDouble(Double.NaN)));
        return shares.isEmpty() || places.size() != shares.size()
                ? Optional.empty()
                : Optional.of(new Spectra.Spectrum(event.path("step").asLong(), places, shares));
    }

    private static double number(JsonNode event, String key) {
        return event.path(key).asDouble(Double.NaN);
    }
}
