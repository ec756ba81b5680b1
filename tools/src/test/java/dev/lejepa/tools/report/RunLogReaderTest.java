package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogReaderTest {
    @TempDir
    Path folder;

    private SyntheticRun run() throws IOException {
        return new SyntheticRun(folder, "");
    }

    private RunLog read() throws IOException {
        return RunLogReader.read(folder.resolve("metrics.jsonl"), SyntheticRun.BATCH, 1000);
    }

    @Test
    void everyKindOfLineComesToItsPlace() throws IOException {
        try (var run = run()) {
            run.start(0, 20)
                    .steps(1, 10)
                    .epoch(10, 0.25)
                    .health(10, "embedding", 7.5, 0.5, 0.3, 0.2)
                    .warning(10, "mind the gap")
                    .steps(11, 20)
                    .epoch(20, 0.2)
                    .end(20, "done");
        }
        var log = read();
        var steps = log.of(Source.STEPS);
        assertEquals(1.2, steps.mean("loss", 5), 1e-12);
        assertEquals(0.5, steps.mean(Source.SECONDS, 5), 1e-9, "five steps of a tenth of a second");
        assertEquals(0.25, log.of(Source.EPOCHS).greatest("val_top1"));
        assertEquals(0.2, log.of(Source.EPOCHS).latest("val_top1"));
        assertEquals(7.5, log.of(Source.EMBEDDING).latest("rankme"));
        assertFalse(log.of(Source.PROJECTION).has("rankme"));
        assertEquals(
                List.of(0.5, 0.3, 0.2),
                log.spectraOf(Source.EMBEDDING).all().getFirst().shares());
        assertEquals("mind the gap", log.warnings().getFirst().message());
        assertEquals("done", log.last().orElseThrow().end().orElseThrow().outcome());
        assertEquals(20, log.totals().steps());
        assertEquals(40, log.totals().imagesPerSecond(), 1e-9);
        assertEquals(0.01, log.totals().waitShare(), 1e-9);
        assertTrue(log.cutOff().isEmpty());
    }

    @Test
    void runThatWasResumedHasSeveralSittings() throws IOException {
        try (var run = run()) {
            run.start(0, 20).steps(1, 10).start(10, 30).steps(11, 30).end(30, "done");
        }
        var sittings = read().sittings();
        assertEquals(
                List.of(0L, 10L), sittings.stream().map(RunLog.Sitting::step).toList());
        assertTrue(sittings.getFirst().end().isEmpty());
        assertTrue(sittings.getLast().end().isPresent());
    }

    @Test
    void lossesThatAreNoNumbersAreCounted() throws IOException {
        try (var run = run()) {
            run.start(0, 3).steps(1, 2).line(SyntheticRun.step(3, 0).putNull("loss"));
        }
        var log = read();
        assertEquals(1, log.totals().nonFinite());
        assertFalse(log.of(Source.STEPS).has("loss", 3));
        assertTrue(log.of(Source.STEPS).has("sigreg", 3));
    }

    @Test
    void brokenEndIsLeftOutAndTold() throws IOException {
        try (var run = run()) {
            run.start(0, 20).steps(1, 10);
        }
        for (var rest : List.of("{\"event\":\"step\",\"st", "\0\0\0\0", "{\"event\":\"step\"}\n\n")) {
            var file = folder.resolve("metrics.jsonl");
            var whole = Files.readString(file);
            Files.writeString(file, rest, StandardOpenOption.APPEND);
            var log = read();
            assertEquals(10, log.totals().lastStep());
            assertEquals(
                    "metrics.jsonl is cut off at line 12: what stands before it is shown, up to step 10",
                    log.cutOff().orElseThrow());
            Files.writeString(file, whole);
        }
    }

    @Test
    void brokenLineInTheMiddleIsRefusedByItsNumber() throws IOException {
        try (var run = run()) {
            run.start(0, 20).steps(1, 3).line("{\"event\":\"step\",\"st").steps(5, 10);
        }
        var fault = assertThrows(BadInputException.class, this::read);
        assertTrue(fault.getMessage().contains("metrics.jsonl line 5: found no JSON object"), fault.getMessage());
    }

    @Test
    void bytesThatAreNoTextBreakTheirLineAlone() throws IOException {
        try (var run = run()) {
            run.start(0, 2).steps(1, 2);
        }
        Files.write(
                folder.resolve("metrics.jsonl"),
                new byte[] {(byte) 0xFF, (byte) 0xC3, '\n'},
                StandardOpenOption.APPEND);
        assertEquals(2, read().totals().lastStep());
    }

    @Test
    void runThatHasNotBegunHasNothing() throws IOException {
        var log = read();
        assertEquals(0, log.totals().steps());
        assertTrue(log.last().isEmpty());
        assertTrue(Double.isNaN(log.totals().loss()));
    }

    @Test
    void whatLaterVersionsTellIsPassedOver() throws IOException {
        try (var run = run()) {
            run.start(0, 2).line(SyntheticRun.event("eclipse", 1)).steps(1, 2);
        }
        assertEquals(2, read().totals().steps());
    }

    @Test
    void ofVeryManyWarningsTheFirstAreKeptAndAllCounted() throws IOException {
        try (var run = run()) {
            for (var i = 1; i <= 250; i++) {
                run.warning(i, "warning " + i);
            }
        }
        var log = read();
        assertEquals(250, log.warningsInAll());
        assertEquals(100, log.warnings().size());
        assertEquals("warning 1", log.warnings().getFirst().message());
    }
}
