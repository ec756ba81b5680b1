package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Health;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("metrics.jsonl");
    }

    private MetricsFile create() {
        return MetricsFile.create(file, () -> Events.NOON);
    }

    private MetricsFile resume(long step) {
        return MetricsFile.resume(file, step, () -> Events.NOON);
    }

    @Test
    void everyKindOfLineHasItsFields() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.started(0, 10));
            metrics.on(Events.step(1));
            metrics.on(Events.epoch(1, 1));
            metrics.on(new TrainEvent.Warned(1, TrainEvent.Topic.DATA, "a \"broken\" file", List.of("x.png")));
            metrics.on(new TrainEvent.CheckpointSaved(1, folder));
            metrics.on(Events.ended(1));
        }
        assertEquals("""
                {"event":"start","time":"2026-03-01T12:00:00.250Z","run":"demo","step":0,"steps":10,"epochs":2,"steps_per_epoch":5,"batch":32,"parameters":1000,"device":"cpu","threads":2}
                {"event":"step","step":1,"epoch":1,"loss":0.5,"invariance":0.25,"sigreg":2.0,"probe_loss":2.25,"lr":0.001,"images_per_s":64.123,"data_wait_ms":0.5}
                {"event":"epoch","step":1,"epoch":1,"val_top1":0.375,"val_probe_loss":1.75}
                {"event":"warning","step":1,"about":"data","message":"a \\"broken\\" file","files":["x.png"]}
                {"event":"end","time":"2026-03-01T12:00:00.250Z","step":1,"seconds":12.5,"outcome":"done"}
                """, Files.readString(file));
    }

    @Test
    void healthHasItsFigures() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.health(50));
        }
        JsonNode line = new ObjectMapper().readTree(Files.readString(file));
        assertEquals("health", line.get("event").asText());
        assertEquals(50, line.get("step").asLong());
        assertEquals("embedding", line.get("of").asText());
        assertEquals(2, line.get("rankme").asDouble(), 1e-5); // 1e-7 on each share
        assertEquals("2", line.get("rank_max").toString(), "a whole number");
        assertEquals("0", line.get("dead").toString(), "a whole number");
        assertEquals(Math.sqrt(0.5), line.get("deviation").asDouble(), 1e-12);
        assertEquals(2, line.get("alignment").asDouble(), 1e-12);
        assertEquals(-8, line.get("uniformity").asDouble(), 1e-12);
        assertEquals(-1 / 3.0, line.get("anisotropy").asDouble(), 1e-12);
        assertEquals(1, line.get("lidar").asDouble(), 1e-5);
        assertEquals("[1,2]", line.get("spectrum_places").toString());
        assertEquals("[0.5,0.5]", line.get("spectrum").toString());
    }

    @Test
    void healthOfOneImageHasNullWhereNothingIsKnown() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(new TrainEvent.Measured(1, "projection", Health.of(new Features(new float[] {1, 2}, 1, 2))));
        }
        JsonNode line = new ObjectMapper().readTree(Files.readString(file));
        assertTrue(line.get("uniformity").isNull());
        assertFalse(line.has("alignment"));
        assertFalse(line.has("lidar"));
        assertEquals("[]", line.get("spectrum").toString());
    }

    @Test
    void numbersThatAreNotFiniteOrNotThereAreNull() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.step(1, Double.NaN, Double.POSITIVE_INFINITY));
            metrics.on(new TrainEvent.EpochDone(1, 1, OptionalDouble.empty(), OptionalDouble.empty()));
        }
        String text = Files.readString(file);
        assertTrue(text.contains("\"loss\":null,\"invariance\":0.25,\"sigreg\":null"), text);
        assertTrue(text.contains("\"val_top1\":null,\"val_probe_loss\":null"), text);
    }

    @Test
    void linesAreOnDiskAtOnce() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.step(1));
            assertEquals(1, Files.readAllLines(file).size());
        }
    }

    @Test
    void resumedFileHasEachStepOnce() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.started(0, 4));
            for (int step = 1; step <= 3; step++) {
                metrics.on(Events.step(step));
            }
            metrics.on(Events.epoch(2, 1));
            metrics.on(new TrainEvent.Warned(3, TrainEvent.Topic.LOSS, "late", List.of()));
            metrics.on(Events.ended(2));
        }
        String firstLine = Files.readAllLines(file).getFirst();
        try (MetricsFile metrics = resume(2)) {
            metrics.on(Events.started(2, 4));
            metrics.on(Events.step(3));
            metrics.on(Events.step(4));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(
                List.of("start 0", "step 1", "step 2", "epoch 2", "start 2", "step 3", "step 4"),
                lines.stream()
                        .map(line -> line.replaceAll(".*\"event\":\"(\\w+)\".*?\"step\":(\\d+).*", "$1 $2"))
                        .toList());
        assertEquals(firstLine, lines.getFirst());
        try (var left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList(), "nothing temporary is left");
        }
    }

    @Test
    void allListenersArePersisted() throws IOException {
        List<String> persisted = new ArrayList<>();
        TrainListener other = new TrainListener() {
            @Override
            public void on(TrainEvent event) {}

            @Override
            public void persist() {
                persisted.add("other");
            }
        };
        try (MetricsFile metrics = create()) {
            TrainListener all = TrainListener.all(List.of(TrainListener.all(List.of(metrics)), other));
            all.on(Events.step(1));
            all.persist();
        }
        assertEquals(List.of("other"), persisted);
        assertEquals(1, Files.readAllLines(file).size());
    }

    @Test
    void itIsKnownWhetherTheEpochOfTheCheckpointWasEvaluated() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.step(1));
            metrics.on(Events.epoch(1, 1));
            metrics.on(Events.step(2));
            metrics.on(Events.epoch(2, 2));
            metrics.on(Events.step(3));
            assertFalse(metrics.epochTold());
        }
        try (MetricsFile metrics = resume(3)) {
            assertFalse(metrics.epochTold(), "killed while it evaluated");
        }
        try (MetricsFile metrics = resume(2)) {
            assertTrue(metrics.epochTold());
        }
    }

    @Test
    void lineTornByACrashIsCut() throws IOException {
        try (MetricsFile metrics = create()) {
            metrics.on(Events.step(1));
        }
        Files.writeString(file, "{\"event\":\"step\",\"st", StandardOpenOption.APPEND);
        resume(1).close();
        assertEquals(1, Files.readAllLines(file).size());
    }

    @Test
    void damageBeforeALineThatStaysIsRefused() throws IOException {
        Files.writeString(file, "rubbish\n");
        try (MetricsFile metrics = resume(0)) {
            metrics.on(Events.step(1));
        }
        String good = Files.readString(file);
        Files.writeString(file, "rubbish\n" + good);
        var error = assertThrows(BadInputException.class, () -> resume(1));
        assertTrue(error.getMessage().contains("metrics.jsonl line 1: found no JSON object"), error.getMessage());
        assertEquals("rubbish\n" + good, Files.readString(file), "a refused file stays as it is");
    }

    @Test
    void missingFileIsBegunOnResume() throws IOException {
        try (MetricsFile metrics = resume(7)) {
            metrics.on(Events.step(8));
        }
        assertEquals(1, Files.readAllLines(file).size());
    }
}
