package dev.lejepa.trainer.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// An event as one JSON object on one line. Numbers that are not finite become `null`, since JSON has no name for them.
final class MetricsLine {
    private static final JsonFactory JSON = new JsonFactory();

    private MetricsLine() {}

    /// The line without its line end; empty for events that the file does not hold.
    static Optional<String> of(TrainEvent event, Instant now) {
        return switch (event) {
            case TrainEvent.Started started -> Optional.of(object(json -> write(json, started, now)));
            case TrainEvent.StepDone step -> Optional.of(object(json -> write(json, step)));
            case TrainEvent.EpochDone epoch -> Optional.of(object(json -> write(json, epoch)));
            case TrainEvent.Warned warned -> Optional.of(object(json -> write(json, warned)));
            case TrainEvent.Ended ended -> Optional.of(object(json -> write(json, ended, now)));
            case TrainEvent.Measured measured -> Optional.of(object(json -> write(json, measured)));
            case TrainEvent.PictureSaved _, TrainEvent.CheckpointSaved _ -> Optional.empty();
        };
    }

    private static void write(JsonGenerator json, TrainEvent.Started event, Instant now) throws IOException {
        json.writeStringField("event", "start");
        json.writeStringField("time", now.toString());
        json.writeStringField("run", event.run());
        json.writeNumberField("step", event.step());
        json.writeNumberField("steps", event.steps());
        json.writeNumberField("epochs", event.epochs());
        json.writeNumberField("steps_per_epoch", event.stepsPerEpoch());
        json.writeNumberField("batch", event.batch());
        json.writeNumberField("parameters", event.parameters());
        json.writeStringField("device", event.device());
        json.writeNumberField("threads", event.threads());
    }

    private static void write(JsonGenerator json, TrainEvent.StepDone event) throws IOException {
        json.writeStringField("event", "step");
        json.writeNumberField("step", event.step());
        json.writeNumberField("epoch", event.epoch());
        number(json, "loss", event.loss());
        number(json, "invariance", event.invariance());
        number(json, "sigreg", event.sigreg());
        number(json, "probe_loss", event.probeLoss());
        number(json, "lr", event.learningRate());
        number(json, "images_per_s", rounded(event.imagesPerSecond()));
        number(json, "data_wait_ms", rounded(event.dataWaitMillis()));
    }

    private static void write(JsonGenerator json, TrainEvent.EpochDone event) throws IOException {
        json.writeStringField("event", "epoch");
        json.writeNumberField("step", event.step());
        json.writeNumberField("epoch", event.epoch());
        number(json, "val_top1", event.valTop1());
        number(json, "val_probe_loss", event.valProbeLoss());
    }

    private static void write(JsonGenerator json, TrainEvent.Measured event) throws IOException {
        json.writeStringField("event", "health");
        json.writeNumberField("step", event.step());
        json.writeStringField("of", event.of());
        for (Map.Entry<String, Number> entry : event.health().numbers().entrySet()) {
            number(json, entry.getKey(), entry.getValue());
        }
        List<Integer> places = event.health().shownPlaces();
        List<Double> shares = event.health().shownSpectrum();
        json.writeArrayFieldStart("spectrum_places");
        for (int i = 0; i < shares.size(); i++) {
            json.writeNumber(places.get(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("spectrum");
        for (double share : shares) {
            json.writeNumber((float) share); // more digits are noise of the sample
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, TrainEvent.Warned event) throws IOException {
        json.writeStringField("event", "warning");
        json.writeNumberField("step", event.step());
        json.writeStringField("about", event.topic().name().toLowerCase(Locale.ROOT));
        json.writeStringField("message", event.message());
        json.writeArrayFieldStart("files");
        for (String file : event.files()) {
            json.writeString(file);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, TrainEvent.Ended event, Instant now) throws IOException {
        json.writeStringField("event", "end");
        json.writeStringField("time", now.toString());
        json.writeNumberField("step", event.step());
        number(json, "seconds", rounded(event.seconds()));
        json.writeStringField("outcome", event.outcome().name().toLowerCase(Locale.ROOT));
        if (event.valTop1().isPresent()) {
            number(json, "val_top1", event.valTop1());
        }
    }

    private static void number(JsonGenerator json, String key, OptionalDouble value) throws IOException {
        number(json, key, value.orElse(Double.NaN));
    }

    private static void number(JsonGenerator json, String key, Number value) throws IOException {
        if (value instanceof Integer count) {
            json.writeNumberField(key, count);
        } else {
            number(json, key, value.doubleValue());
        }
    }

    private static void number(JsonGenerator json, String key, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(key, value);
        } else {
            json.writeNullField(key);
        }
    }

    /// To a thousandth: more digits of a measured time are noise.
    private static double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static String object(Fields fields) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Escapes.halfPairs(line.toString()); // bytes of names that are no text
    }
}
