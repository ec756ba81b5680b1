package dev.lejepa.tools.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a curve's numbers come from: lines of one kind in `metrics.jsonl`, and their keys.
enum Source {
    /// Every step.
    STEPS("step", "", "loss", "invariance", "sigreg", "probe_loss", "lr", "images_per_s", "data_wait_ms"),
    /// Ends of epochs.
    EPOCHS("epoch", "", "val_top1", "val_probe_loss"),
    /// Looks at the backbone's embeddings.
    EMBEDDING(
            "health",
            "embedding",
            "rankme",
            "rank_max",
            "deviation",
            "alignment",
            "uniformity",
            "anisotropy",
            "dead",
            "lidar"),
    /// Looks at what the projector makes of them.
    PROJECTION(
            "health",
            "projection",
            "rankme",
            "rank_max",
            "deviation",
            "alignment",
            "uniformity",
            "anisotropy",
            "dead",
            "lidar");

    /// Seconds that all steps until then took; of no line, but summed up.
    static final String SECONDS = "seconds";

    private final String event;
    private final String of;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<String> keys;

    Source(String event, String of, String... keys) {
        this.event = event;
        this.of = of;
        this.keys = List.of(keys);
    }

    /// Of the lines that are about several things, those about this one; empty where there is one thing alone.
    String of() {
        return of;
    }

    /// The columns: keys of the lines, then [#SECONDS].
    List<String> columns() {
        return Stream.concat(keys.stream(), Stream.of(SECONDS)).toList();
    }

    /// The numbers of a line; NaN for each that it lacks.
    double[] row(JsonNode line, double seconds) {
        return Stream.concat(keys.stream().map(key -> line.path(key).asDouble(Double.NaN)), Stream.of(seconds))
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /// The source that a line belongs to.
    static Optional<Source> of(JsonNode line) {
        var event = line.path("event").asText();
        var of = line.path("of").asText();
        return Stream.of(values())
                .filter(source -> source.event.equals(event) && source.of.equals(of))
                .findFirst();
    }
}
